/*
 * The symbols of routines.def: each jumps to where its slot points, with registers and stack as they are, so that it needs to know nothing
 * of the routine's arguments and of how a complex number is returned. At first a slot points to code that finds the routine (system.c).
 * The names under which it may be found lie behind the slot: as it is called here; for integers of 64 bits also as others spell that, and
 * as in a library that has no other integers.
 */
    .hidden gamut_find_routine

    .macro stub symbol, spelling, plain
    .globl \symbol
    .type \symbol, %function
    .p2align 4
\symbol:
    JUMP .Lslot_\symbol
.Lfirst_\symbol:
    PASS .Lslot_\symbol
    .size \symbol, . - \symbol
    .pushsection .data
    .p2align 3
.Lslot_\symbol:
    .quad .Lfirst_\symbol
    .asciz "\symbol", "\spelling", "\plain"
    .popsection
    .endm

#if defined(__x86_64__)

    .macro JUMP slot
    jmp *\slot(%rip)
    .endm

    .macro PASS slot
    lea \slot(%rip), %r11
    jmp find
    .endm

    .text
    .type find, %function
find:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    sub $176, %rsp
    movaps %xmm0, (%rsp)
    movaps %xmm1, 16(%rsp)
    movaps %xmm2, 32(%rsp)
    movaps %xmm3, 48(%rsp)
    movaps %xmm4, 64(%rsp)
    movaps %xmm5, 80(%rsp)
    movaps %xmm6, 96(%rsp)
    movaps %xmm7, 112(%rsp)
    mov %rdi, 128(%rsp)
    mov %rsi, 136(%rsp)
    mov %rdx, 144(%rsp)
    mov %rcx, 152(%rsp)
    mov %r8, 160(%rsp)
    mov %r9, 168(%rsp)
    mov %r11, %rdi
    call gamut_find_routine
    mov %rax, %r11
    movaps (%rsp), %xmm0
    movaps 16(%rsp), %xmm1
    movaps 32(%rsp), %xmm2
    movaps 48(%rsp), %xmm3
    movaps 64(%rsp), %xmm4
    movaps 80(%rsp), %xmm5
    movaps 96(%rsp), %xmm6
    movaps 112(%rsp), %xmm7
    mov 128(%rsp), %rdi
    mov 136(%rsp), %rsi
    mov 144(%rsp), %rdx
    mov 152(%rsp), %rcx
    mov 160(%rsp), %r8
    mov 168(%rsp), %r9
    leave
    .cfi_def_cfa %rsp, 8
    jmp *%r11
    .cfi_endproc
    .size find, . - find

#elif defined(__aarch64__)

    .macro JUMP slot
    adrp x16, \slot
    ldr x17, [x16, #:lo12:\slot]
    br x17
    .endm

    .macro PASS slot
    adrp x16, \slot
    add x16, x16, #:lo12:\slot
    b find
    .endm

    .text
    .type find, %function
find:
    .cfi_startproc
    stp x29, x30, [sp, #-224]!
    .cfi_def_cfa_offset 224
    .cfi_offset 29, -224
    .cfi_offset 30, -216
    mov x29, sp
    stp x0, x1, [sp, #16]
    stp x2, x3, [sp, #32]
    stp x4, x5, [sp, #48]
    stp x6, x7, [sp, #64]
    str x8, [sp, #80]
    stp q0, q1, [sp, #96]
    stp q2, q3, [sp, #128]
    stp q4, q5, [sp, #160]
    stp q6, q7, [sp, #192]
    mov x0, x16
    bl gamut_find_routine
    mov x16, x0
    ldp x0, x1, [sp, #16]
    ldp x2, x3, [sp, #32]
    ldp x4, x5, [sp, #48]
    ldp x6, x7, [sp, #64]
    ldr x8, [sp, #80]
    ldp q0, q1, [sp, #96]
    ldp q2, q3, [sp, #128]
    ldp q4, q5, [sp, #160]
    ldp q6, q7, [sp, #192]
    ldp x29, x30, [sp], #224
    .cfi_restore 29
    .cfi_restore 30
    .cfi_def_cfa_offset 0
    br x16
    .cfi_endproc
    .size find, . - find

#endif

#define FORTRAN(name) stub name##_; stub name##_64_, name##_64, name##_;
#define CBLAS(name) stub cblas_##name; stub cblas_##name##64_, cblas_##name##_64, cblas_##name;
#define BOTH(name) FORTRAN(name) CBLAS(name)
#define REAL(name) BOTH(s##name) BOTH(d##name)
#define COMPLEX(name) BOTH(c##name) BOTH(z##name)
#include "routines.def"

    .section .note.GNU-stack, "", %progbits
