#if !__has_include(<zlib.h>)
#error "zlib.h is missing. On Debian and Ubuntu: apt-get install zlib1g-dev"
#endif
#include <zlib.h>

// `inflateInit2` is a macro, which Swift does not see.
static inline int unroll_inflate_init(z_streamp stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}
