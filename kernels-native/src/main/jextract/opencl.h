/* What dev.gamut.ffm.opencl.abi is made from: the table of OpenCL's functions by Khronos, and the functions of CLBlast, whose header
 * has prototypes alone. The constants below do not compile where a type here is not that of the function. */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl_icd.h>
#include <clblast_c.h>

typedef CLBlastStatusCode (*clblast_sgemm)(CLBlastLayout layout, CLBlastTranspose a_transpose, CLBlastTranspose b_transpose,
                                           size_t m, size_t n, size_t k, float alpha, cl_mem a_buffer, size_t a_offset,
                                           size_t a_ld, cl_mem b_buffer, size_t b_offset, size_t b_ld, float beta,
                                           cl_mem c_buffer, size_t c_offset, size_t c_ld, cl_command_queue *queue,
                                           cl_event *event);
typedef CLBlastStatusCode (*clblast_dgemm)(CLBlastLayout layout, CLBlastTranspose a_transpose, CLBlastTranspose b_transpose,
                                           size_t m, size_t n, size_t k, double alpha, cl_mem a_buffer, size_t a_offset,
                                           size_t a_ld, cl_mem b_buffer, size_t b_offset, size_t b_ld, double beta,
                                           cl_mem c_buffer, size_t c_offset, size_t c_ld, cl_command_queue *queue,
                                           cl_event *event);
typedef CLBlastStatusCode (*clblast_sgemm_strided_batched)(
    CLBlastLayout layout, CLBlastTranspose a_transpose, CLBlastTranspose b_transpose, size_t m, size_t n, size_t k, float alpha,
    cl_mem a_buffer, size_t a_offset, size_t a_ld, size_t a_stride, cl_mem b_buffer, size_t b_offset, size_t b_ld,
    size_t b_stride, float beta, cl_mem c_buffer, size_t c_offset, size_t c_ld, size_t c_stride, size_t batch_count,
    cl_command_queue *queue, cl_event *event);
typedef CLBlastStatusCode (*clblast_dgemm_strided_batched)(
    CLBlastLayout layout, CLBlastTranspose a_transpose, CLBlastTranspose b_transpose, size_t m, size_t n, size_t k, double alpha,
    cl_mem a_buffer, size_t a_offset, size_t a_ld, size_t a_stride, cl_mem b_buffer, size_t b_offset, size_t b_ld,
    size_t b_stride, double beta, cl_mem c_buffer, size_t c_offset, size_t c_ld, size_t c_stride, size_t batch_count,
    cl_command_queue *queue, cl_event *event);
typedef CLBlastStatusCode (*clblast_sgemv)(CLBlastLayout layout, CLBlastTranspose a_transpose, size_t m, size_t n, float alpha,
                                           cl_mem a_buffer, size_t a_offset, size_t a_ld, cl_mem x_buffer, size_t x_offset,
                                           size_t x_inc, float beta, cl_mem y_buffer, size_t y_offset, size_t y_inc,
                                           cl_command_queue *queue, cl_event *event);
typedef CLBlastStatusCode (*clblast_dgemv)(CLBlastLayout layout, CLBlastTranspose a_transpose, size_t m, size_t n, double alpha,
                                           cl_mem a_buffer, size_t a_offset, size_t a_ld, cl_mem x_buffer, size_t x_offset,
                                           size_t x_inc, double beta, cl_mem y_buffer, size_t y_offset, size_t y_inc,
                                           cl_command_queue *queue, cl_event *event);
/* Of either type. */
typedef CLBlastStatusCode (*clblast_dot)(size_t n, cl_mem dot_buffer, size_t dot_offset, cl_mem x_buffer, size_t x_offset,
                                         size_t x_inc, cl_mem y_buffer, size_t y_offset, size_t y_inc, cl_command_queue *queue,
                                         cl_event *event);
/* Of either type, of numbers or of their magnitudes. */
typedef CLBlastStatusCode (*clblast_sum)(size_t n, cl_mem sum_buffer, size_t sum_offset, cl_mem x_buffer, size_t x_offset,
                                         size_t x_inc, cl_command_queue *queue, cl_event *event);

static const clblast_sgemm sgemm = CLBlastSgemm;
static const clblast_dgemm dgemm = CLBlastDgemm;
static const clblast_sgemm_strided_batched sgemm_strided_batched = CLBlastSgemmStridedBatched;
static const clblast_dgemm_strided_batched dgemm_strided_batched = CLBlastDgemmStridedBatched;
static const clblast_sgemv sgemv = CLBlastSgemv;
static const clblast_dgemv dgemv = CLBlastDgemv;
static const clblast_dot dots[] = {CLBlastSdot, CLBlastDdot};
static const clblast_sum sums[] = {CLBlastSsum, CLBlastDsum, CLBlastSasum, CLBlastDasum};
