nop
nop
nop
ldr w8, [x1, #8]
ldr w10, [x9, #8]
cmp w8, w10
b.eq #8
b #-645916
nop
sub x9, sp, #20, lsl #12
str xzr, [x9]
sub sp, sp, #480
stp x29, x30, [sp, #464]
ldr w8, #4312
ldr w9, [x28, #32]
cmp x8, x9
b.ne #4280
str d1, [sp, #416]
str w6, [sp, #408]
str x3, [sp, #344]
fmov d16, d0
str d0, [sp]
str d0, [sp, #368]
movi d17, #0000000000000000
dup v1.2d, v17.d[0]
add w14, w0, w2, lsl #3
cmp w0, w14
b.ge #1476
sxtw x10, w14
sxtw x11, w0
sub x10, x10, x11
add x10, x10, #7
and x10, x10, #0xfffffffffffffff8
add w13, w10, w0
lsl w12, w5, #1
add w10, w5, w12
add w10, w10, w4
ldr w2, [x7, #12]
sxtw x13, w13
sub w1, w2, #1
sub x15, x13, #2
sub x16, x13, #4
sub x17, x13, #6
sub x13, x13, #8
add x18, x11, #4
add x3, x11, #6
add x11, x11, #2
mov x6, #-1
add x2, x6, w2, sxtw
tbnz w1, #31, #4012
cmp w0, w1
b.hs #4004
cmp x13, x2
b.hs #3996
cmp x11, x2
b.hs #3988
cmp x17, x2
b.hs #3980
cmp x18, x2
b.hs #3972
cmp x16, x2
b.hs #3964
cmp x3, x2
b.hs #3956
cmp x15, x2
b.hs #3948
ldr x16, [sp, #344]
ldr w1, [x16, #12]
mov w8, #2147483640
cmp w14, w8
b.gt #3980
add x9, sp, #328
str q1, [x9]
add x9, sp, #344
str q1, [x9]
add x9, sp, #296
str q1, [x9]
add x9, sp, #280
str q1, [x9]
mov v11.16b, v1.16b
mov v12.16b, v1.16b
mov v14.16b, v1.16b
mov v10.16b, v1.16b
mov v8.16b, v1.16b
mov v9.16b, v1.16b
mov v7.16b, v1.16b
stur q1, [sp, #104]
stur q1, [sp, #88]
stur q1, [sp, #136]
mov v15.16b, v1.16b
mov v13.16b, v1.16b
mov v6.16b, v1.16b
mov v5.16b, v1.16b
mov v4.16b, v1.16b
b #20
nop
ldr w13, [sp, #408]
add w4, w4, w13
add w10, w10, w13
add w11, w4, w12
add w15, w4, w5
mov w17, w0
add x13, x7, w17, sxtw #3
ldr q18, [x13, #16]
ldr q19, [x13, #64]
ldr q20, [x13, #48]
ldr q21, [x13, #32]
cmp w4, w1
b.hs #1248
add x13, x16, w4, sxtw #3
ldr d17, [x13, #16]
dup v17.2d, v17.d[0]
fmla v1.2d, v17.2d, v18.2d
fmla v6.2d, v17.2d, v19.2d
fmla v5.2d, v17.2d, v20.2d
fmla v4.2d, v17.2d, v21.2d
cmp w15, w1
b.hs #1376
add x13, x16, w15, sxtw #3
ldr d17, [x13, #16]
dup v17.2d, v17.d[0]
fmla v7.2d, v17.2d, v18.2d
fmla v10.2d, v17.2d, v19.2d
fmla v8.2d, v17.2d, v21.2d
fmla v9.2d, v17.2d, v20.2d
cmp w11, w1
b.hs #1540
add x11, x16, w11, sxtw #3
ldr d17, [x11, #16]
dup v17.2d, v17.d[0]
fmla v13.2d, v17.2d, v19.2d
fmla v11.2d, v17.2d, v18.2d
fmla v12.2d, v17.2d, v21.2d
fmla v14.2d, v17.2d, v20.2d
cmp w10, w1
b.hs #1708
add x11, x16, w10, sxtw #3
ldr d17, [x11, #16]
dup v17.2d, v17.d[0]
fmla v15.2d, v17.2d, v18.2d
ldur q22, [sp, #104]
fmla v22.2d, v17.2d, v20.2d
stur q22, [sp, #104]
ldur q22, [sp, #88]
fmla v22.2d, v17.2d, v19.2d
stur q22, [sp, #88]
ldur q22, [sp, #136]
fmla v22.2d, v17.2d, v21.2d
stur q22, [sp, #136]
add w29, w10, w5
cmp w29, w1
b.hs #1856
add x11, x16, w29, sxtw #3
ldr d17, [x11, #16]
dup v17.2d, v17.d[0]
add x9, sp, #280
ldr q22, [x9]
fmla v22.2d, v17.2d, v18.2d
add x9, sp, #280
str q22, [x9]
add x9, sp, #328
ldr q18, [x9]
fmla v18.2d, v17.2d, v19.2d
add x9, sp, #328
str q18, [x9]
add x9, sp, #344
ldr q18, [x9]
fmla v18.2d, v17.2d, v21.2d
add x9, sp, #344
str q18, [x9]
add x9, sp, #296
ldr q18, [x9]
fmla v18.2d, v17.2d, v20.2d
add x9, sp, #296
str q18, [x9]
add w0, w0, #8
cmp w0, w14
b.lt #-324
ldr x18, [sp, #480]
ldr w10, [x18, #12]
sub w17, w10, #1
ldr d16, [sp, #416]
fmov d17, d16
fmov d28, d16
tbnz w17, #31, #3312
ldr w12, [sp, #488]
cmp w12, w17
b.hs #1900
ldr w15, [sp, #488]
sxtw x10, w15
add x11, x18, x10, uxtx #3
ldr d20, [sp]
dup v20.2d, v20.d[0]
fmul v0.2d, v20.2d, v1.2d
ldr q20, [x11, #16]
dup v1.2d, v16.d[0]
fmla v0.2d, v1.2d, v20.2d
cmp w15, w17
b.hs #2016
str q0, [x11, #16]
add w13, w12, #6
cmp w13, w17
b.hs #2172
ldr d19, [sp]
dup v1.2d, v19.d[0]
fmul v20.2d, v1.2d, v4.2d
ldr q1, [x11, #32]
dup v0.2d, v16.d[0]
fmla v20.2d, v0.2d, v1.2d
str q20, [x11, #32]
dup v1.2d, v19.d[0]
fmul v1.2d, v1.2d, v5.2d
ldr q4, [x11, #48]
dup v5.2d, v17.d[0]
fmla v1.2d, v5.2d, v4.2d
str q1, [x11, #48]
dup v1.2d, v19.d[0]
fmul v1.2d, v1.2d, v6.2d
ldr q4, [x11, #64]
dup v5.2d, v17.d[0]
fmla v1.2d, v5.2d, v4.2d
str q1, [x11, #64]
ldr w11, [sp, #496]
sxtw x12, w11
add x10, x10, x12
add w29, w11, w15
cmp w29, w17
b.hs #2228
add x13, x18, x10, uxtx #3
dup v1.2d, v19.d[0]
fmul v4.2d, v1.2d, v7.2d
ldr q1, [x13, #16]
dup v5.2d, v17.d[0]
fmla v4.2d, v5.2d, v1.2d
add w14, w29, #6
cmp w14, w17
b.hs #2308
str q4, [x13, #16]
dup v1.2d, v19.d[0]
fmul v1.2d, v1.2d, v8.2d
ldr q4, [x13, #32]
dup v5.2d, v17.d[0]
fmla v1.2d, v5.2d, v4.2d
str q1, [x13, #32]
dup v16.2d, v19.d[0]
fmul v16.2d, v16.2d, v9.2d
ldr q19, [x13, #48]
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
str q16, [x13, #48]
ldr d16, [sp]
dup v16.2d, v16.d[0]
fmul v16.2d, v16.2d, v10.2d
ldr q19, [x13, #64]
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
str q16, [x13, #64]
add x10, x10, x12
add w29, w11, w29
cmp w29, w17
b.hs #2328
add x10, x18, x10, uxtx #3
ldr d16, [sp]
dup v16.2d, v16.d[0]
fmul v19.2d, v16.2d, v11.2d
ldr q16, [x10, #16]
dup v20.2d, v17.d[0]
fmla v19.2d, v20.2d, v16.2d
add w14, w29, #6
cmp w14, w17
b.hs #2376
str q19, [x10, #16]
ldr d16, [sp]
dup v16.2d, v16.d[0]
fmul v16.2d, v16.2d, v12.2d
ldr q19, [x10, #32]
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
add x10, x18, w29, sxtw #3
str q16, [x10, #32]
ldr d16, [sp]
dup v16.2d, v16.d[0]
fmul v16.2d, v16.2d, v14.2d
ldr q19, [x10, #48]
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
str q16, [x10, #48]
ldr d16, [sp]
dup v16.2d, v16.d[0]
fmul v16.2d, v16.2d, v13.2d
ldr q19, [x10, #64]
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
str q16, [x10, #64]
add w16, w11, w29
cmp w16, w17
b.hs #2360
mov w14, w16
sxtw x10, w14
add x13, x18, x10, uxtx #3
ldr d16, [sp]
dup v16.2d, v16.d[0]
fmul v19.2d, v16.2d, v15.2d
ldr q16, [x13, #16]
dup v20.2d, v17.d[0]
fmla v19.2d, v20.2d, v16.2d
cmp w14, w17
b.hs #2396
str q19, [x13, #16]
add w15, w16, #6
cmp w15, w17
b.hs #2460
ldr q19, [x13, #32]
ldr d16, [sp]
dup v16.2d, v16.d[0]
ldur q20, [sp, #136]
fmul v16.2d, v16.2d, v20.2d
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
str q16, [x13, #32]
ldr d16, [sp]
dup v16.2d, v16.d[0]
ldur q19, [sp, #104]
fmul v16.2d, v16.2d, v19.2d
ldr q19, [x13, #48]
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
str q16, [x13, #48]
ldr d16, [sp]
dup v16.2d, v16.d[0]
ldur q19, [sp, #88]
fmul v16.2d, v16.2d, v19.2d
ldr q19, [x13, #64]
dup v20.2d, v17.d[0]
fmla v16.2d, v20.2d, v19.2d
str q16, [x13, #64]
add x10, x10, x12
add w13, w11, w14
cmp w13, w17
b.hs #2432
add x10, x18, x10, uxtx #3
ldr d16, [sp]
dup v16.2d, v16.d[0]
add x9, sp, #280
ldr q19, [x9]
fmul v20.2d, v16.2d, v19.2d
ldr q16, [x10, #16]
dup v19.2d, v17.d[0]
fmla v20.2d, v19.2d, v16.2d
cmp w13, w17
b.hs #2440
str q20, [x10, #16]
add w29, w13, #2
cmp w29, w17
b.hs #2480
ldr d16, [sp]
dup v16.2d, v16.d[0]
add x9, sp, #344
ldr q18, [x9]
fmul v18.2d, v16.2d, v18.2d
ldr q16, [x10, #32]
dup v17.2d, v17.d[0]
fmla v18.2d, v17.2d, v16.2d
add w12, w11, w16
add w29, w12, #2
cmp w29, w17
b.hs #2480
add x10, x18, w12, sxtw #3
str q18, [x10, #32]
add w11, w12, #6
cmp w11, w17
b.hs #2512
ldr q16, [x10, #48]
ldr d17, [sp]
dup v17.2d, v17.d[0]
add x9, sp, #296
ldr q18, [x9]
fmul v17.2d, v17.2d, v18.2d
dup v18.2d, v28.d[0]
fmla v17.2d, v18.2d, v16.2d
str q17, [x10, #48]
ldr d16, [sp]
dup v16.2d, v16.d[0]
add x9, sp, #328
ldr q17, [x9]
fmul v16.2d, v16.2d, v17.2d
ldr q17, [x10, #64]
dup v18.2d, v28.d[0]
fmla v16.2d, v18.2d, v17.2d
str q16, [x10, #64]
ldp x29, x30, [sp, #464]
add sp, sp, #480
ldr x8, [x28, #40]
cmp sp, x8
b.hi #2756
ret
add x9, sp, #328
str q1, [x9]
add x9, sp, #344
str q1, [x9]
add x9, sp, #296
str q1, [x9]
add x9, sp, #280
str q1, [x9]
mov v11.16b, v1.16b
mov v12.16b, v1.16b
mov v14.16b, v1.16b
mov v10.16b, v1.16b
mov v8.16b, v1.16b
mov v9.16b, v1.16b
mov v7.16b, v1.16b
stur q1, [sp, #104]
stur q1, [sp, #88]
stur q1, [sp, #136]
mov v15.16b, v1.16b
mov v13.16b, v1.16b
mov v6.16b, v1.16b
mov v5.16b, v1.16b
mov v4.16b, v1.16b
b #-964
str w14, [sp, #412]
str d16, [sp, #432]
str x16, [sp, #424]
mov w1, #-28
mov w29, w5
str x7, [sp]
str w12, [sp, #492]
str w17, [sp, #8]
stp w10, w4, [sp, #16]
stur q15, [sp, #24]
stur q13, [sp, #40]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q1, [sp, #104]
stur q4, [sp, #120]
stur q5, [sp, #136]
stur q6, [sp, #152]
stur q7, [sp, #168]
stur q9, [sp, #184]
stur q8, [sp, #200]
stur q10, [sp, #216]
stur q14, [sp, #232]
stur q12, [sp, #248]
add x9, sp, #264
str q11, [x9]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #312]
add x9, sp, #344
str q19, [x9]
add x9, sp, #360
str q20, [x9]
add x9, sp, #376
str q21, [x9]
add x9, sp, #392
str q18, [x9]
bl #-394532
nop
movk xzr, #2080
movk xzr, #0
str w14, [sp, #412]
str d16, [sp, #432]
str x16, [sp, #424]
mov w1, #-28
mov w29, w5
str x7, [sp]
str w12, [sp, #492]
stp w17, w4, [sp, #8]
stp w10, w15, [sp, #16]
stur q15, [sp, #24]
stur q13, [sp, #40]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q7, [sp, #104]
stur q9, [sp, #120]
stur q8, [sp, #136]
stur q10, [sp, #152]
stur q14, [sp, #168]
stur q12, [sp, #184]
stur q11, [sp, #200]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #216]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #232]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #248]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #264]
add x9, sp, #280
str q6, [x9]
add x9, sp, #296
str q5, [x9]
add x9, sp, #312
str q4, [x9]
add x9, sp, #328
str q1, [x9]
add x9, sp, #344
str q19, [x9]
add x9, sp, #360
str q20, [x9]
add x9, sp, #376
str q21, [x9]
add x9, sp, #392
str q18, [x9]
bl #-394732
nop
movk xzr, #2280
movk xzr, #256
str w14, [sp, #412]
str d16, [sp, #432]
str x16, [sp, #424]
mov w1, #-28
mov w29, w5
str x7, [sp]
str w12, [sp, #492]
stp w17, w4, [sp, #8]
stp w10, w11, [sp, #16]
stur q15, [sp, #24]
stur q13, [sp, #40]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q14, [sp, #104]
stur q12, [sp, #120]
stur q11, [sp, #136]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #152]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #168]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #184]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #200]
stur q10, [sp, #216]
stur q9, [sp, #232]
stur q8, [sp, #248]
add x9, sp, #264
str q7, [x9]
add x9, sp, #280
str q6, [x9]
add x9, sp, #296
str q5, [x9]
add x9, sp, #312
str q4, [x9]
add x9, sp, #328
str q1, [x9]
add x9, sp, #344
str q19, [x9]
add x9, sp, #360
str q20, [x9]
add x9, sp, #376
str q21, [x9]
add x9, sp, #392
str q18, [x9]
bl #-394936
nop
movk xzr, #2484
movk xzr, #512
str w14, [sp, #412]
str d16, [sp, #432]
str x16, [sp, #424]
mov w1, #-28
mov w29, w5
str x7, [sp]
str w12, [sp, #492]
stp w17, w4, [sp, #8]
str w10, [sp, #20]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #72]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #88]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #104]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #120]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #136]
stur q13, [sp, #152]
stur q14, [sp, #168]
stur q12, [sp, #184]
stur q11, [sp, #200]
stur q10, [sp, #216]
stur q9, [sp, #232]
stur q8, [sp, #248]
add x9, sp, #264
str q7, [x9]
add x9, sp, #280
str q6, [x9]
add x9, sp, #296
str q5, [x9]
add x9, sp, #312
str q4, [x9]
add x9, sp, #328
str q1, [x9]
add x9, sp, #344
str q19, [x9]
add x9, sp, #360
str q20, [x9]
add x9, sp, #376
str q21, [x9]
add x9, sp, #392
str q18, [x9]
bl #-395148
nop
movk xzr, #2696
movk xzr, #768
str w14, [sp, #412]
str d16, [sp, #432]
str x16, [sp, #424]
mov w1, #-28
str w5, [sp, #492]
str x7, [sp]
stp w12, w17, [sp, #8]
stp w4, w10, [sp, #16]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #24]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #72]
stur q22, [sp, #120]
stur q15, [sp, #136]
stur q13, [sp, #152]
stur q14, [sp, #168]
stur q12, [sp, #184]
stur q11, [sp, #200]
stur q10, [sp, #216]
stur q9, [sp, #232]
stur q8, [sp, #248]
add x9, sp, #264
str q7, [x9]
add x9, sp, #280
str q6, [x9]
add x9, sp, #296
str q5, [x9]
add x9, sp, #312
str q4, [x9]
add x9, sp, #328
str q1, [x9]
add x9, sp, #344
str q19, [x9]
add x9, sp, #360
str q20, [x9]
add x9, sp, #376
str q21, [x9]
add x9, sp, #392
str q18, [x9]
bl #-395336
nop
movk xzr, #2884
movk xzr, #1024
str w17, [sp, #484]
mov x29, x18
mov w1, #-28
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q1, [sp, #88]
stur q4, [sp, #104]
stur q5, [sp, #120]
stur q6, [sp, #136]
stur q7, [sp, #152]
stur q9, [sp, #168]
stur q8, [sp, #184]
stur q10, [sp, #200]
stur q14, [sp, #216]
stur q12, [sp, #232]
stur q11, [sp, #248]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #264]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #280]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #296]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #312]
dup v16.2d, v16.d[0]
add x9, sp, #328
str q16, [x9]
dup v16.2d, v0.d[0]
add x9, sp, #344
str q16, [x9]
bl #-395496
nop
movk xzr, #3044
movk xzr, #1280
add x9, sp, #312
str q0, [x9]
str w15, [sp, #484]
str w17, [sp, #480]
mov x29, x18
mov w1, #-28
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q4, [sp, #88]
stur q5, [sp, #104]
stur q6, [sp, #120]
stur q7, [sp, #136]
stur q9, [sp, #152]
stur q8, [sp, #168]
stur q10, [sp, #184]
stur q14, [sp, #200]
stur q12, [sp, #216]
stur q11, [sp, #232]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #248]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #264]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #280]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #296]
dup v16.2d, v16.d[0]
add x9, sp, #328
str q16, [x9]
ldr d16, [sp]
dup v16.2d, v16.d[0]
add x9, sp, #344
str q16, [x9]
bl #-395668
nop
movk xzr, #3216
movk xzr, #1536
str w17, [sp, #488]
add w29, w15, #2
str w15, [sp, #492]
mov w1, #-28
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q4, [sp, #88]
stur q5, [sp, #104]
stur q6, [sp, #120]
stur q7, [sp, #136]
stur q9, [sp, #152]
stur q8, [sp, #168]
stur q10, [sp, #184]
stur q14, [sp, #200]
stur q12, [sp, #216]
stur q11, [sp, #232]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #248]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #264]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #296]
dup v16.2d, v16.d[0]
add x9, sp, #312
str q16, [x9]
ldr d16, [sp]
dup v16.2d, v16.d[0]
add x9, sp, #328
str q16, [x9]
bl #-395824
nop
movk xzr, #3372
movk xzr, #1792
str w17, [sp, #492]
mov w1, #-28
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q7, [sp, #88]
stur q9, [sp, #104]
stur q8, [sp, #120]
stur q10, [sp, #136]
stur q14, [sp, #152]
stur q12, [sp, #168]
stur q11, [sp, #184]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #200]
dup v16.2d, v17.d[0]
add x9, sp, #264
str q16, [x9]
dup v16.2d, v19.d[0]
add x9, sp, #280
str q16, [x9]
bl #-395940
nop
movk xzr, #3488
movk xzr, #2048
stur q4, [sp, #248]
str w17, [sp, #492]
mov w1, #-28
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q9, [sp, #88]
stur q8, [sp, #104]
stur q10, [sp, #120]
stur q14, [sp, #136]
stur q12, [sp, #152]
stur q11, [sp, #168]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #184]
dup v16.2d, v17.d[0]
add x9, sp, #264
str q16, [x9]
dup v16.2d, v19.d[0]
add x9, sp, #280
str q16, [x9]
bl #-396056
nop
movk xzr, #3604
movk xzr, #2304
str w17, [sp, #492]
mov w1, #-28
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q14, [sp, #88]
stur q12, [sp, #104]
stur q11, [sp, #120]
dup v16.2d, v17.d[0]
stur q16, [sp, #200]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #216]
bl #-396144
nop
movk xzr, #3692
movk xzr, #2560
stur q19, [sp, #184]
str w17, [sp, #492]
mov w1, #-28
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q14, [sp, #88]
stur q12, [sp, #104]
dup v16.2d, v17.d[0]
stur q16, [sp, #200]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #216]
bl #-396232
nop
movk xzr, #3780
movk xzr, #2816
str w16, [sp, #488]
str w17, [sp, #484]
mov x29, x18
mov w1, #-28
stur q15, [sp, #8]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #24]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #56]
dup v16.2d, v17.d[0]
stur q16, [sp, #136]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #152]
bl #-396312
nop
movk xzr, #3860
movk xzr, #3072
stur q19, [sp, #120]
str w14, [sp, #488]
str w17, [sp, #484]
mov x29, x18
mov w1, #-28
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #8]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #24]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #40]
dup v16.2d, v17.d[0]
stur q16, [sp, #136]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #152]
bl #-396392
nop
movk xzr, #3940
movk xzr, #3328
str w17, [sp, #492]
ldr w8, [sp, #496]
str w8, [sp, #488]
add w29, w14, #2
str w14, [sp, #496]
mov w1, #-28
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #8]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #24]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #40]
dup v16.2d, v17.d[0]
stur q16, [sp, #120]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #136]
bl #-396476
nop
movk xzr, #4024
movk xzr, #3584
str w13, [sp, #484]
str w17, [sp, #480]
mov x29, x18
mov w1, #-28
dup v16.2d, v17.d[0]
stur q16, [sp, #72]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #88]
bl #-396528
nop
movk xzr, #4076
movk xzr, #3840
stur q20, [sp, #56]
str w13, [sp, #484]
str w17, [sp, #480]
mov x29, x18
mov w1, #-28
dup v16.2d, v17.d[0]
stur q16, [sp, #72]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #88]
bl #-396584
nop
movk xzr, #4132
movk xzr, #4096
str w13, [sp, #492]
str w17, [sp, #488]
mov w1, #-28
dup v16.2d, v17.d[0]
stur q16, [sp, #56]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #72]
bl #-396632
nop
movk xzr, #4180
movk xzr, #4352
str w12, [sp, #492]
stur q18, [sp, #40]
str w17, [sp, #488]
mov w1, #-28
dup v16.2d, v28.d[0]
stur q16, [sp, #56]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #72]
bl #-396684
nop
movk xzr, #4232
movk xzr, #4608
str w17, [sp, #488]
add w29, w12, #4
str w12, [sp, #492]
mov w1, #-28
dup v16.2d, v28.d[0]
stur q16, [sp, #40]
ldr d16, [sp]
dup v16.2d, v16.d[0]
stur q16, [sp, #56]
bl #-396736
nop
movk xzr, #4284
movk xzr, #4864
str w17, [sp, #480]
mov x29, x18
mov w1, #-52
stur q13, [sp, #8]
stur q15, [sp, #24]
ldp x8, x9, [sp, #136]
stp x8, x9, [sp, #40]
ldp x8, x9, [sp, #88]
stp x8, x9, [sp, #56]
ldp x8, x9, [sp, #104]
stp x8, x9, [sp, #72]
stur q1, [sp, #88]
stur q4, [sp, #104]
stur q5, [sp, #120]
stur q6, [sp, #136]
stur q7, [sp, #152]
stur q9, [sp, #168]
stur q8, [sp, #184]
stur q10, [sp, #200]
stur q14, [sp, #216]
stur q12, [sp, #232]
stur q11, [sp, #248]
ldp x8, x9, [sp, #280]
stp x8, x9, [sp, #264]
ldp x8, x9, [sp, #296]
stp x8, x9, [sp, #280]
ldp x8, x9, [sp, #344]
stp x8, x9, [sp, #296]
ldp x8, x9, [sp, #328]
stp x8, x9, [sp, #312]
dup v16.2d, v16.d[0]
add x9, sp, #328
str q16, [x9]
dup v16.2d, v0.d[0]
add x9, sp, #344
str q16, [x9]
bl #-396896
nop
movk xzr, #4444
movk xzr, #5120
str w14, [sp, #360]
mov w1, #-146
mov w29, w5
str x7, [sp]
str w12, [sp, #492]
stp w4, w10, [sp, #12]
str w0, [sp, #20]
stur q1, [sp, #40]
stur q1, [sp, #56]
bl #-396948
nop
movk xzr, #4496
movk xzr, #5376
str w14, [sp, #360]
mov w1, #-154
mov w29, w5
str x7, [sp]
str w12, [sp, #492]
stp w4, w10, [sp, #12]
str w0, [sp, #20]
stur q1, [sp, #40]
stur q1, [sp, #56]
bl #-397000
nop
movk xzr, #4548
movk xzr, #5632
mov w1, #-10
bl #-397020
nop
movk xzr, #4568
movk xzr, #5888
adr x8, #-2764
str x8, [x28, #1344]
b #-643956
mov x8, #44928
movk x8, #5393, lsl #16
movk x8, #85, lsl #32
blr x8
b #-4292
udf #0
