#include "config.h"

#include <errno.h>
#include <iconv.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "cage.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

/* What is declared in mail, real and old; UTF-8 and ASCII need no file. */
static const char *const charsets[] = {"BIG5", "BIG5-HKSCS", "CP932", "CP949",
    "EUC-JP", "EUC-KR", "EUC-TW", "GB18030", "IBM850", "ISO-2022-CN",
    "ISO-2022-JP", "ISO-2022-JP-2", "ISO-2022-KR", "ISO-8859-1", "ISO-8859-2",
    "ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7",
    "ISO-8859-8", "ISO-8859-9", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14",
    "ISO-8859-15", "ISO-8859-16", "KOI8-R", "KOI8-U", "MACINTOSH", "SHIFT_JIS",
    "TIS-620", "UTF-16", "UTF-32", "UTF-7", "WINDOWS-1250", "WINDOWS-1251",
    "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255",
    "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "WINDOWS-874"};

guint
kd_cage_load_charsets(void)
{
	guint n = 0;

	/* Never closed: what nobody uses is unloaded. */
	for (gsize i = 0; i < G_N_ELEMENTS(charsets); i++)
		n += iconv_open("UTF-8", charsets[i]) != (iconv_t)-1;
	return n;
}

#ifdef ARCH

#define FIELD(name)  (guint32) offsetof(struct seccomp_data, name)
#define LOAD(name)   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(name))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSE	     (SECCOMP_RET_ERRNO | EPERM)

/* Answer at once if the call is this one, or else go on. */
#define ALLOW(call)                                                            \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (guint32)(call), 0, 1),            \
	    ANSWER(SECCOMP_RET_ALLOW)

/* The same if the low half of an argument has none of these bits. */
#define ALLOW_WITHOUT(call, argument, bits)                                    \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (guint32)(call), 0, 4),            \
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(args[argument])),         \
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (guint32)(bits), 1, 0),       \
	    ANSWER(SECCOMP_RET_ALLOW), ANSWER(REFUSE)

/* The same if the low half of an argument is 0. */
#define ALLOW_ZERO(call, argument) ALLOW_WITHOUT(call, argument, 0xffffffff)

gboolean
kd_cage_shut(void)
{
	/* Both processors are little-endian: an argument's low half is first. */
	struct sock_filter filter[] = {
	    LOAD(arch),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	    ANSWER(REFUSE),
	    LOAD(nr),
	    ALLOW(__NR_read),
	    ALLOW(__NR_write),
	    ALLOW(__NR_close),
	    ALLOW(__NR_lseek),
	    ALLOW(__NR_brk),
	    ALLOW(__NR_munmap),
	    ALLOW(__NR_mremap),
	    ALLOW(__NR_madvise),
	    ALLOW_WITHOUT(__NR_mmap, 2, PROT_EXEC),
	    ALLOW_WITHOUT(__NR_mprotect, 2, PROT_EXEC),
	    ALLOW(__NR_futex),
	    ALLOW(__NR_getrandom),
	    ALLOW(__NR_clock_gettime),
	    ALLOW(__NR_getrusage),
	    /* Of this process alone. */
	    ALLOW_ZERO(__NR_prlimit64, 0),
	    ALLOW(__NR_rt_sigreturn),
	    ALLOW(__NR_exit),
	    ALLOW(__NR_exit_group),
	    ANSWER(REFUSE),
	};
	const struct sock_fprog program = {
	    .len = G_N_ELEMENTS(filter), .filter = filter};

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

#else

gboolean
kd_cage_shut(void)
{
	return FALSE;
}

#endif
