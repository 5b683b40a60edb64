/*
 * The cage that a parser of hostile bytes works in: from kd_cage_shut() on it
 * computes, reads and writes the descriptors that it has, and nothing else.
 * Linked into filters/parse-mail alone.
 */
#ifndef KD_CAGE_H
#define KD_CAGE_H

#include <glib.h>

/*
 * Load the converters of the charsets that mail uses.  iconv(3) finds them in
 * files, which a shut cage does not open: a charset that is not loaded is
 * unknown to this process.  How many were loaded.
 */
guint kd_cage_load_charsets(void);

/*
 * Shut the cage, for good: a seccomp filter (seccomp(2)) that knows the calls
 * which memory, time, and reading and writing open descriptors need.  Every
 * other one fails with EPERM: no file is opened, no program started, no socket
 * made, no process made, traced or signalled, no memory made executable.
 * FALSE where the kernel or the processor has no such filter; then the limits
 * of setrlimit(2) are all that there is.
 */
gboolean kd_cage_shut(void);

#endif
