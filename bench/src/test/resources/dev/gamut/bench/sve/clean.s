nop
nop
nop
ldr w8, [x1, #8]
ldr w10, [x9, #8]
cmp w8, w10
b.eq #8
b #-636252
nop
sub x9, sp, #20, lsl #12
str xzr, [x9]
sub sp, sp, #496
stp x29, x30, [sp, #480]
ldr w8, #3048
ldr w9, [x28, #32]
cmp x8, x9
b.ne #3016
fmov x10, d0
movi d16, #0000000000000000
dup v7.2d, v16.d[0]
dup v2.2d, x10
lsl w11, w2, #3
add w10, w11, w2, lsl #1
add w13, w10, w0
cmp w0, w13
b.ge #920
sxtw x10, w13
sxtw x17, w0
sub x10, x10, x17
add x10, x10, #9
mov x11, #26215
movk x11, #26214, lsl #16
movk x11, #26214, lsl #32
movk x11, #26214, lsl #48
smulh x11, x10, x11
asr x11, x11, #2
sub x10, x11, x10, asr #63
lsl x11, x10, #1
lsl x10, x10, #3
add w11, w11, w10
add w10, w11, w0
lsl w1, w5, #1
sub w12, w4, w6
add w18, w5, w1
ldr w20, [x7, #12]
add w16, w5, w6
add w15, w6, w1
sxtw x10, w10
add x11, x17, #6
sub x14, x10, #2
sub x2, x10, #4
sub x4, x10, #6
sub x19, x10, #8
sub x21, x10, #10
add x22, x17, #8
sub w10, w20, #1
add x23, x17, #4
add x17, x17, #2
mov x24, #-1
add x20, x24, w20, sxtw
tbnz w10, #31, #2680
cmp w0, w10
b.hs #2672
cmp x21, x20
b.hs #2664
cmp x17, x20
b.hs #2656
cmp x19, x20
b.hs #2648
cmp x23, x20
b.hs #2640
cmp x4, x20
b.hs #2632
cmp x11, x20
b.hs #2624
cmp x2, x20
b.hs #2616
cmp x22, x20
b.hs #2608
cmp x14, x20
b.hs #2600
ldr w21, [x3, #12]
mov w8, #65526
movk w8, #32767, lsl #16
cmp w13, w8
b.gt #2644
add w20, w6, w18
mov v17.16b, v7.16b
mov v16.16b, v7.16b
mov v11.16b, v7.16b
mov v10.16b, v7.16b
mov v9.16b, v7.16b
mov v8.16b, v7.16b
mov v26.16b, v7.16b
mov v4.16b, v7.16b
mov v31.16b, v7.16b
mov v3.16b, v7.16b
mov v1.16b, v7.16b
mov v6.16b, v7.16b
mov v29.16b, v7.16b
mov v28.16b, v7.16b
mov v27.16b, v7.16b
mov v5.16b, v7.16b
mov v30.16b, v7.16b
mov v25.16b, v7.16b
mov v24.16b, v7.16b
b #12
nop
mov w12, w4
add w14, w16, w12
add w4, w12, w6
add w11, w15, w12
add x17, x3, w14, sxtw #3
add x2, x3, w11, sxtw #3
add x19, x3, w4, sxtw #3
mov w10, w0
add x22, x7, w10, sxtw #3
ldr q18, [x22, #80]
ldr q19, [x22, #32]
ldr q20, [x22, #16]
ldr q21, [x22, #48]
ldr q22, [x22, #64]
cmp w4, w21
b.hs #608
ldr x19, [x19, #16]
dup v23.2d, x19
fmla v9.2d, v23.2d, v18.2d
fmla v17.2d, v23.2d, v20.2d
fmla v16.2d, v23.2d, v19.2d
fmla v11.2d, v23.2d, v21.2d
fmla v10.2d, v23.2d, v22.2d
cmp w14, w21
b.hs #776
ldr x14, [x17, #16]
dup v23.2d, x14
fmla v7.2d, v23.2d, v18.2d
fmla v8.2d, v23.2d, v20.2d
fmla v26.2d, v23.2d, v19.2d
fmla v25.2d, v23.2d, v21.2d
fmla v24.2d, v23.2d, v22.2d
cmp w11, w21
b.hs #944
ldr x11, [x2, #16]
dup v23.2d, x11
fmla v5.2d, v23.2d, v18.2d
fmla v6.2d, v23.2d, v20.2d
fmla v29.2d, v23.2d, v19.2d
fmla v28.2d, v23.2d, v21.2d
fmla v27.2d, v23.2d, v22.2d
add w29, w20, w12
cmp w29, w21
b.hs #1108
add x10, x3, w29, sxtw #3
ldr x10, [x10, #16]
dup v23.2d, x10
fmla v30.2d, v23.2d, v20.2d
fmla v4.2d, v23.2d, v19.2d
fmla v31.2d, v23.2d, v21.2d
fmla v3.2d, v23.2d, v22.2d
fmla v1.2d, v23.2d, v18.2d
add w0, w0, #10
cmp w0, w13
b.lt #-216
fmul v17.2d, v17.2d, v2.2d
ldr x14, [sp, #496]
ldr w10, [x14, #12]
sub w15, w10, #1
tbnz w15, #31, #2120
ldr w13, [sp, #504]
cmp w13, w15
b.hs #1232
ldr w17, [sp, #504]
sxtw x10, w17
add x11, x14, x10, uxtx #3
str q17, [x11, #16]
fmul v16.2d, v16.2d, v2.2d
add w12, w13, #8
cmp w12, w15
b.hs #1332
str q16, [x11, #32]
fmul v16.2d, v11.2d, v2.2d
str q16, [x11, #48]
fmul v16.2d, v10.2d, v2.2d
str q16, [x11, #64]
fmul v16.2d, v9.2d, v2.2d
str q16, [x11, #80]
fmul v16.2d, v8.2d, v2.2d
ldr w16, [sp, #512]
sxtw x11, w16
add x10, x10, x11
add w17, w16, w17
cmp w17, w15
b.hs #1404
add x12, x14, x10, uxtx #3
str q16, [x12, #16]
fmul v16.2d, v26.2d, v2.2d
add w29, w17, #2
cmp w29, w15
b.hs #1476
str q16, [x12, #32]
fmul v16.2d, v25.2d, v2.2d
add w13, w17, #8
cmp w13, w15
b.hs #1548
str q16, [x12, #48]
fmul v16.2d, v24.2d, v2.2d
str q16, [x12, #64]
fmul v16.2d, v7.2d, v2.2d
str q16, [x12, #80]
fmul v16.2d, v6.2d, v2.2d
add x10, x10, x11
add w13, w16, w17
cmp w13, w15
b.hs #1604
add x10, x14, x10, uxtx #3
str q16, [x10, #16]
fmul v16.2d, v29.2d, v2.2d
add w29, w13, #2
cmp w29, w15
b.hs #1656
add x10, x14, w13, sxtw #3
str q16, [x10, #32]
fmul v16.2d, v28.2d, v2.2d
add w11, w13, #8
cmp w11, w15
b.hs #1704
str q16, [x10, #48]
fmul v16.2d, v27.2d, v2.2d
str q16, [x10, #64]
fmul v16.2d, v5.2d, v2.2d
str q16, [x10, #80]
fmul v16.2d, v30.2d, v2.2d
add w11, w16, w13
cmp w11, w15
b.hs #1744
fmul v17.2d, v4.2d, v2.2d
mov w13, w11
add x10, x14, w13, sxtw #3
str q16, [x10, #16]
add w12, w11, #8
cmp w12, w15
b.hs #1772
str q17, [x10, #32]
fmul v16.2d, v31.2d, v2.2d
str q16, [x10, #48]
fmul v16.2d, v3.2d, v2.2d
str q16, [x10, #64]
fmul v16.2d, v1.2d, v2.2d
str q16, [x10, #80]
ldp x29, x30, [sp, #480]
add sp, sp, #496
ldr x8, [x28, #40]
cmp sp, x8
b.hi #2056
ret
mov v10.16b, v7.16b
mov v9.16b, v7.16b
mov v8.16b, v7.16b
mov v26.16b, v7.16b
mov v4.16b, v7.16b
mov v31.16b, v7.16b
mov v3.16b, v7.16b
mov v1.16b, v7.16b
mov v6.16b, v7.16b
mov v29.16b, v7.16b
mov v28.16b, v7.16b
mov v11.16b, v7.16b
mov v27.16b, v7.16b
mov v5.16b, v7.16b
mov v30.16b, v7.16b
mov v25.16b, v7.16b
mov v24.16b, v7.16b
mov v16.16b, v7.16b
mov v17.16b, v7.16b
b #-444
str w18, [sp, #448]
str w1, [sp, #444]
str w13, [sp, #440]
str d0, [sp, #32]
str w5, [sp, #28]
mov w1, #-28
str w6, [sp, #508]
str x7, [sp]
str w10, [sp, #8]
str x3, [sp, #16]
str w4, [sp, #24]
stur q7, [sp, #40]
stur q24, [sp, #56]
stur q25, [sp, #72]
stur q17, [sp, #88]
stur q16, [sp, #104]
stur q30, [sp, #120]
stur q5, [sp, #136]
stur q11, [sp, #152]
stur q27, [sp, #168]
stur q28, [sp, #184]
stur q29, [sp, #200]
stur q6, [sp, #216]
stur q1, [sp, #232]
stur q3, [sp, #248]
add x9, sp, #264
str q31, [x9]
add x9, sp, #280
str q4, [x9]
add x9, sp, #296
str q26, [x9]
add x9, sp, #312
str q8, [x9]
add x9, sp, #328
str q9, [x9]
add x9, sp, #344
str q10, [x9]
add x9, sp, #360
str q18, [x9]
add x9, sp, #376
str q22, [x9]
add x9, sp, #392
str q21, [x9]
add x9, sp, #408
str q19, [x9]
add x9, sp, #424
str q20, [x9]
bl #-384328
nop
movk xzr, #1540
movk xzr, #0
str w18, [sp, #448]
str w1, [sp, #444]
str w13, [sp, #440]
str d0, [sp, #32]
str w5, [sp, #28]
mov w1, #-28
str w6, [sp, #508]
str x7, [sp]
stp w10, w4, [sp, #8]
str x3, [sp, #16]
str w14, [sp, #24]
stur q7, [sp, #40]
stur q24, [sp, #56]
stur q25, [sp, #72]
stur q30, [sp, #88]
stur q5, [sp, #104]
stur q27, [sp, #120]
stur q28, [sp, #136]
stur q29, [sp, #152]
stur q6, [sp, #168]
stur q1, [sp, #184]
stur q3, [sp, #200]
stur q31, [sp, #216]
stur q4, [sp, #232]
stur q26, [sp, #248]
add x9, sp, #264
str q8, [x9]
add x9, sp, #280
str q9, [x9]
add x9, sp, #296
str q10, [x9]
add x9, sp, #312
str q11, [x9]
add x9, sp, #328
str q16, [x9]
add x9, sp, #344
str q17, [x9]
add x9, sp, #360
str q18, [x9]
add x9, sp, #376
str q22, [x9]
add x9, sp, #392
str q21, [x9]
add x9, sp, #408
str q19, [x9]
add x9, sp, #424
str q20, [x9]
bl #-384532
nop
movk xzr, #1744
movk xzr, #256
str w18, [sp, #448]
str w1, [sp, #444]
str w13, [sp, #440]
str d0, [sp, #32]
str w5, [sp, #28]
mov w1, #-28
str w6, [sp, #508]
str x7, [sp]
stp w10, w4, [sp, #8]
str x3, [sp, #16]
str w11, [sp, #24]
stur q30, [sp, #40]
stur q5, [sp, #56]
stur q27, [sp, #72]
stur q28, [sp, #88]
stur q29, [sp, #104]
stur q6, [sp, #120]
stur q1, [sp, #136]
stur q3, [sp, #152]
stur q31, [sp, #168]
stur q4, [sp, #184]
stur q7, [sp, #200]
stur q24, [sp, #216]
stur q25, [sp, #232]
stur q26, [sp, #248]
add x9, sp, #264
str q8, [x9]
add x9, sp, #280
str q9, [x9]
add x9, sp, #296
str q10, [x9]
add x9, sp, #312
str q11, [x9]
add x9, sp, #328
str q16, [x9]
add x9, sp, #344
str q17, [x9]
add x9, sp, #360
str q18, [x9]
add x9, sp, #376
str q22, [x9]
add x9, sp, #392
str q21, [x9]
add x9, sp, #408
str q19, [x9]
add x9, sp, #424
str q20, [x9]
bl #-384736
nop
movk xzr, #1948
movk xzr, #512
str w18, [sp, #452]
str w1, [sp, #448]
str w13, [sp, #36]
str d0, [sp, #440]
str w5, [sp, #32]
mov w1, #-28
str w6, [sp, #508]
str x7, [sp, #8]
stp w10, w4, [sp, #16]
str x3, [sp, #24]
stur q30, [sp, #40]
stur q1, [sp, #56]
stur q3, [sp, #72]
stur q31, [sp, #88]
stur q4, [sp, #104]
stur q5, [sp, #120]
stur q27, [sp, #136]
stur q28, [sp, #152]
stur q29, [sp, #168]
stur q6, [sp, #184]
stur q7, [sp, #200]
stur q24, [sp, #216]
stur q25, [sp, #232]
stur q26, [sp, #248]
add x9, sp, #264
str q8, [x9]
add x9, sp, #280
str q9, [x9]
add x9, sp, #296
str q10, [x9]
add x9, sp, #312
str q11, [x9]
add x9, sp, #328
str q16, [x9]
add x9, sp, #344
str q17, [x9]
add x9, sp, #360
str q18, [x9]
add x9, sp, #376
str q22, [x9]
add x9, sp, #392
str q21, [x9]
add x9, sp, #408
str q19, [x9]
add x9, sp, #424
str q20, [x9]
bl #-384936
nop
movk xzr, #2148
movk xzr, #768
str w15, [sp, #500]
add x9, sp, #328
str q17, [x9]
add x9, sp, #312
str q2, [x9]
mov x29, x14
mov w1, #-28
stur q7, [sp, #8]
stur q24, [sp, #24]
stur q25, [sp, #40]
stur q30, [sp, #56]
stur q16, [sp, #72]
stur q5, [sp, #88]
stur q27, [sp, #104]
stur q11, [sp, #120]
stur q28, [sp, #136]
stur q29, [sp, #152]
stur q6, [sp, #168]
stur q1, [sp, #184]
stur q3, [sp, #200]
stur q31, [sp, #216]
stur q4, [sp, #232]
stur q26, [sp, #248]
add x9, sp, #264
str q8, [x9]
add x9, sp, #280
str q9, [x9]
add x9, sp, #296
str q10, [x9]
bl #-385068
nop
movk xzr, #2280
movk xzr, #1024
add x9, sp, #312
str q16, [x9]
str w15, [sp, #504]
add x9, sp, #296
str q2, [x9]
add w29, w17, #2
str w17, [sp, #508]
mov w1, #-28
stur q7, [sp, #8]
stur q24, [sp, #24]
stur q25, [sp, #40]
stur q30, [sp, #56]
stur q5, [sp, #72]
stur q27, [sp, #88]
stur q11, [sp, #104]
stur q28, [sp, #120]
stur q29, [sp, #136]
stur q6, [sp, #152]
stur q1, [sp, #168]
stur q3, [sp, #184]
stur q31, [sp, #200]
stur q4, [sp, #216]
stur q26, [sp, #232]
stur q8, [sp, #248]
add x9, sp, #264
str q9, [x9]
add x9, sp, #280
str q10, [x9]
bl #-385196
nop
movk xzr, #2408
movk xzr, #1280
str w17, [sp, #504]
stur q16, [sp, #248]
str w15, [sp, #500]
stur q2, [sp, #232]
mov x29, x14
mov w1, #-28
stur q7, [sp, #8]
stur q24, [sp, #24]
stur q25, [sp, #40]
stur q30, [sp, #56]
stur q5, [sp, #72]
stur q27, [sp, #88]
stur q28, [sp, #104]
stur q29, [sp, #120]
stur q6, [sp, #136]
stur q1, [sp, #152]
stur q3, [sp, #168]
stur q31, [sp, #184]
stur q4, [sp, #200]
stur q26, [sp, #216]
bl #-385292
nop
movk xzr, #2504
movk xzr, #1536
stur q16, [sp, #232]
str w17, [sp, #512]
str w15, [sp, #508]
stur q2, [sp, #216]
str w16, [sp, #504]
mov w1, #-28
stur q7, [sp, #8]
stur q24, [sp, #24]
stur q25, [sp, #40]
stur q30, [sp, #56]
stur q5, [sp, #72]
stur q27, [sp, #88]
stur q28, [sp, #104]
stur q29, [sp, #120]
stur q6, [sp, #136]
stur q1, [sp, #152]
stur q3, [sp, #168]
stur q31, [sp, #184]
stur q4, [sp, #200]
bl #-385384
nop
movk xzr, #2596
movk xzr, #1792
stur q16, [sp, #216]
str w15, [sp, #508]
stur q2, [sp, #200]
ldr w8, [sp, #512]
str w8, [sp, #504]
add w29, w17, #4
str w17, [sp, #512]
mov w1, #-28
stur q7, [sp, #8]
stur q24, [sp, #24]
stur q30, [sp, #40]
stur q5, [sp, #56]
stur q27, [sp, #72]
stur q28, [sp, #88]
stur q29, [sp, #104]
stur q6, [sp, #120]
stur q1, [sp, #136]
stur q3, [sp, #152]
stur q31, [sp, #168]
stur q4, [sp, #184]
bl #-385480
nop
movk xzr, #2692
movk xzr, #2048
str w13, [sp, #504]
stur q16, [sp, #168]
str w15, [sp, #500]
stur q2, [sp, #152]
mov x29, x14
mov w1, #-28
stur q30, [sp, #8]
stur q5, [sp, #24]
stur q27, [sp, #40]
stur q28, [sp, #56]
stur q29, [sp, #72]
stur q1, [sp, #88]
stur q3, [sp, #104]
stur q31, [sp, #120]
stur q4, [sp, #136]
bl #-385556
nop
movk xzr, #2768
movk xzr, #2304
stur q16, [sp, #152]
str w13, [sp, #512]
str w15, [sp, #508]
stur q2, [sp, #136]
str w16, [sp, #504]
mov w1, #-28
stur q30, [sp, #8]
stur q5, [sp, #24]
stur q27, [sp, #40]
stur q28, [sp, #56]
stur q1, [sp, #72]
stur q3, [sp, #88]
stur q31, [sp, #104]
stur q4, [sp, #120]
bl #-385628
nop
movk xzr, #2840
movk xzr, #2560
stur q16, [sp, #136]
str w15, [sp, #508]
stur q2, [sp, #120]
ldr w8, [sp, #512]
str w8, [sp, #504]
add w29, w13, #4
str w13, [sp, #512]
mov w1, #-28
stur q30, [sp, #8]
stur q5, [sp, #24]
stur q27, [sp, #40]
stur q1, [sp, #56]
stur q3, [sp, #72]
stur q31, [sp, #88]
stur q4, [sp, #104]
bl #-385704
nop
movk xzr, #2916
movk xzr, #2816
str w11, [sp, #500]
stur q16, [sp, #88]
str w15, [sp, #496]
stur q2, [sp, #72]
mov x29, x14
mov w1, #-28
stur q1, [sp, #8]
stur q3, [sp, #24]
stur q31, [sp, #40]
stur q4, [sp, #56]
bl #-385760
nop
movk xzr, #2972
movk xzr, #3072
stur q17, [sp, #72]
str w15, [sp, #504]
stur q2, [sp, #56]
add w29, w13, #2
str w13, [sp, #508]
mov w1, #-28
stur q1, [sp, #8]
stur q3, [sp, #24]
stur q31, [sp, #40]
bl #-385812
nop
movk xzr, #3024
movk xzr, #3328
str w15, [sp, #496]
add x9, sp, #328
str q17, [x9]
add x9, sp, #312
str q2, [x9]
mov x29, x14
mov w1, #-52
stur q7, [sp, #8]
stur q24, [sp, #24]
stur q25, [sp, #40]
stur q30, [sp, #56]
stur q16, [sp, #72]
stur q5, [sp, #88]
stur q27, [sp, #104]
stur q11, [sp, #120]
stur q28, [sp, #136]
stur q29, [sp, #152]
stur q6, [sp, #168]
stur q1, [sp, #184]
stur q3, [sp, #200]
stur q31, [sp, #216]
stur q4, [sp, #232]
stur q26, [sp, #248]
add x9, sp, #264
str q8, [x9]
add x9, sp, #280
str q9, [x9]
add x9, sp, #296
str q10, [x9]
bl #-385944
nop
movk xzr, #3156
movk xzr, #3584
str w18, [sp, #360]
str w1, [sp, #356]
str w13, [sp, #352]
str d0, [sp, #344]
str w5, [sp, #20]
mov w1, #-146
mov x29, x3
str w6, [sp, #508]
str x7, [sp]
stp w12, w0, [sp, #12]
stur q7, [sp, #40]
stur q7, [sp, #56]
bl #-386008
nop
movk xzr, #3220
movk xzr, #3840
str w18, [sp, #360]
str w1, [sp, #356]
str w13, [sp, #352]
str d0, [sp, #344]
str w5, [sp, #20]
mov w1, #-154
mov x29, x3
str w6, [sp, #508]
str x7, [sp]
stp w12, w0, [sp, #12]
stur q7, [sp, #40]
stur q7, [sp, #56]
bl #-386072
nop
movk xzr, #3284
movk xzr, #4096
mov w1, #-10
bl #-386092
nop
movk xzr, #3304
movk xzr, #4352
adr x8, #-2064
str x8, [x28, #1344]
b #-633028
mov x8, #44928
movk x8, #5393, lsl #16
movk x8, #85, lsl #32
blr x8
b #-3028
udf #0
