#!/bin/sh
# A Maven project outside the tree that depends on the two libraries multiplies two arrays: on the class path with and
# without the incubator module, and on the module path with no flag at all. Ends with "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/.mvn/tools.sh"
find_jdk
find_maven

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
project="$scratch/a scratch project"
mkdir -p "$project/src/main/java/app"

# A local repository of the test's own, so that nothing is left in the user's; what it needs from there is linked.
repository=$scratch/repository
mkdir -p "$repository/dev"
# Asked of Maven, whose answer may carry colour codes even into a pipe.
users=$("$maven" -q --batch-mode -f "$root/pom.xml" -N help:evaluate -Dexpression=settings.localRepository \
  -DforceStdout 2>/dev/null | sed "s/$(printf '\033')\[[0-9;]*m//g") || :
[ -d "$users" ] || users=$HOME/.m2/repository
for entry in "$users"/* "$users"/dev/*; do
  case $entry in
    "$users/dev" | "$users/dev/gamut") ;;
    "$users"/dev/*) [ ! -e "$entry" ] || ln -s "$entry" "$repository/dev/" ;;
    *) [ ! -e "$entry" ] || ln -s "$entry" "$repository/" ;;
  esac
done

cat >"$project/pom.xml" <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>app</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>25</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>dev.gamut</groupId>
        <artifactId>gamut</artifactId>
        <version>0.1.0</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>dev.gamut</groupId>
      <artifactId>gamut-runtime-api</artifactId>
    </dependency>
    <dependency>
      <groupId>dev.gamut</groupId>
      <artifactId>gamut-kernels-vector</artifactId>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.15.0</version>
      </plugin>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId>
        <version>3.8.1</version>
      </plugin>
    </plugins>
  </build>
</project>
EOF
cat >"$project/src/main/java/module-info.java" <<'EOF'
module app {
    requires dev.gamut;
}
EOF
cat >"$project/src/main/java/app/Main.java" <<'EOF'
package app;

import dev.gamut.Gamut;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.Order;
import dev.gamut.gemm.Transpose;

public class Main {
    public static void main(String[] args) {
        double[] a = {1, 2, 3, 4};
        double[] b = {5, 6, 7, 8};
        double[] c = new double[4];
        try (Gamut gamut = Gamut.open()) {
            gamut.dgemm(Order.ROW_MAJOR, Transpose.NO_TRANS, Transpose.NO_TRANS, 2, 2, 2, 1, a, 2, b, 2, 0, c, 2);
            System.out.println(java.util.Arrays.toString(c) + " "
                    + gamut.plan(GemmDesc.of(DType.F64, 2, 2, 2)).kernel());
        }
    }
}
EOF

build() {
  (cd "$root" && ./mvnw --batch-mode -Dmaven.repo.local="$repository" -DskipTests -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -pl runtime-api,kernels-vector -am install) &&
    (cd "$project" && "$maven" --batch-mode -Dmaven.repo.local="$repository" compile \
      dependency:copy-dependencies -DoutputDirectory=target/lib)
}

passed=0 failed=0
# expect NAME PATTERN FILE: whether a line of FILE matches.
expect() {
  if grep -Eq "$2" "$3"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED $1"
    echo "  no line matches: $2"
    sed 's/^/  /' "$3"
  fi
}

java=$JAVA_HOME/bin/java
if build >"$scratch/build.log" 2>&1; then
  cd "$project/target"
  product='^\[19\.0, 22\.0, 43\.0, 50\.0\] gemm_f64_.*'
  "$java" --add-modules jdk.incubator.vector -cp 'classes:lib/*' app.Main >out 2>err || :
  expect class_path_with_the_module "${product}vec" out
  "$java" -cp 'classes:lib/*' app.Main >out 2>err || :
  expect class_path_without_the_module_computes "${product}ref" out
  grep -c 'add-modules jdk.incubator.vector' err >count || :
  expect class_path_without_the_module_warns_once '^1$' count
  "$java" -p 'classes:lib' -m app/app.Main >out 2>err || :
  expect module_path_without_a_flag "${product}vec" out
else
  failed=1
  echo 'FAILED build_of_a_project_that_links_the_libraries'
  tail -n 30 "$scratch/build.log"
fi
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
