#!/bin/sh
# Two hosts on this machine, host1 and host2, joined by a cable: each has a network, a name, processes and shared memory of its own, so that
# MPI takes them for machines. For tests over a network and for the gate; needs Linux, root, util-linux and iproute2.
#
#   two-hosts.sh lacks               says why there can be none here, and ends with status 1; says nothing where there can
#   two-hosts.sh run COMMAND...      on host1; when that ends both hosts are gone, with every process on them
#
# and on host1:
#
#   two-hosts.sh mpirun FAMILY N COMMAND...   N ranks, half of them on each host, by TCP between hosts; FAMILY is openmpi or mpich, and
#                                    one rank's fault does not end the others
#   two-hosts.sh [-OPTION]... HOST COMMAND    by a shell on that host: for launchers that expect ssh
#   two-hosts.sh cable cut|mended|WORDS...    unplugs it; plugs it in; limits it in both directions as tc-qdisc(8) says
#   two-hosts.sh crash               host2 is gone, with every process on it
#
# Namespaces have no names here: they are those of host1's first process, and of host2's below it, and the kernel ends every other process in
# them with it. So nothing is left whatever happens, and two runs do not meet.
set -eu

script=$(readlink -f "$0")

both() {
  "$@"
  "$script" host2 "$*"
}

# plug_in ADDRESS: the cable's end on this host. Seen from a network of its own /sys shows that network's devices, which UCX looks up there.
plug_in() {
  mount -t sysfs sysfs /sys
  ip link set lo up
  ip address add "$1/24" dev cable
  ip link set cable up
}

case ${1-} in
  lacks)
    for command in unshare nsenter mount ip tc; do
      command -v "$command" >/dev/null || {
        echo "there is no command $command"
        exit 1
      }
    done
    [ "$(id -u)" = 0 ] || {
      echo 'only root makes hosts out of namespaces'
      exit 1
    }
    fault=$("$script" run "$script" cable tbf rate 1gbit burst 256k latency 100ms 2>&1) || {
      echo "no hosts can be made of namespaces: $(echo "$fault" | tail -n 1)"
      exit 1
    }
    ;;
  run)
    shift
    exec unshare --net --uts --ipc --pid --mount --fork --kill-child --mount-proc "$script" first "$@"
    ;;
  first)
    shift
    echo host1 >/proc/sys/kernel/hostname
    names=$(mktemp)
    printf '%s\n' '127.0.0.1 localhost' '192.168.250.1 host1' '192.168.250.2 host2' >"$names"
    mount --bind "$names" /etc/hosts
    rm "$names"
    unshare --net --uts --ipc --pid --mount --fork --mount-proc "$script" second &
    export TWO_HOSTS_SECOND=$!
    here=$(readlink /proc/self/ns/pid)
    until there=$(readlink "/proc/$TWO_HOSTS_SECOND/ns/pid_for_children") && [ "$there" != "$here" ]; do sleep 0.01; done
    # Were the numbers of both ends alike, the kernel would take up to a second to find that the cable works (linkwatch_urgent_event).
    ip link add cable index 9 type veth peer name cable netns "$TWO_HOSTS_SECOND"
    plug_in 192.168.250.1
    "$script" host2 "'$script' plug_in 192.168.250.2"
    status=0
    "$@" || status=$?
    exit "$status"
    ;;
  second)
    echo host2 >/proc/sys/kernel/hostname
    while :; do sleep 3600; done
    ;;
  plug_in) plug_in "$2" ;;
  mpirun)
    family=$2 number=$3 each=$(($3 / 2))
    shift 3
    launcher=$(command -v "mpirun.$family" || echo mpirun) # Debian's names, where there are several
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
    case $family in
      openmpi)
        exec "$launcher" --enable-recovery --bind-to none --oversubscribe --mca plm_rsh_agent "$script" \
          --mca pml ob1 --mca btl tcp,vader,self --mca btl_tcp_if_include cable --host "host1:$each,host2:$each" -n "$number" "$@"
        ;;
      mpich)
        exec "$launcher" -disable-auto-cleanup -launcher ssh -launcher-exec "$script" -iface cable -hosts host1,host2 -ppn "$each" \
          -genv UCX_TLS tcp,self -genv UCX_NET_DEVICES cable -n "$number" "$@"
        ;;
    esac
    ;;
  cable)
    shift
    case $1 in
      cut) ip link set cable down ;;
      mended) ip link set cable up ;;
      *) both tc qdisc replace dev cable root "$@" ;;
    esac
    ;;
  crash) kill -9 "$(cat "/proc/$TWO_HOSTS_SECOND/task/$TWO_HOSTS_SECOND/children")" ;;
  *)
    while case ${1-} in -*) true ;; *) false ;; esac; do shift; done
    host=$1
    shift
    case $host in
      host1) exec sh -c "$*" ;;
      host2) exec nsenter --target "$TWO_HOSTS_SECOND" --net --uts --ipc --mount \
        --pid="/proc/$TWO_HOSTS_SECOND/ns/pid_for_children" sh -c "$*" ;;
      *)
        echo "two-hosts.sh: there is no host '$host'" >&2
        exit 2
        ;;
    esac
    ;;
esac
