// One source, several instruction sets: the loader picks the clone that the processor can run.
#pragma once

// The loader asks before a sanitizer is ready: code that one watches would end there.
#if defined(__has_feature)
#define CK_WATCHED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CK_WATCHED 1
#else
#define CK_WATCHED 0
#endif

#if defined(__x86_64__) && defined(__linux__) && !CK_WATCHED
#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif
