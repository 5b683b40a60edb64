/*
 * Files that come with the programs, and that the administrator may replace.
 */
#ifndef KD_DATA_H
#define KD_DATA_H

/*
 * The path of one, "prompts/summarise.zh_CN", in the first directory that has
 * it: of $KVDIGEST_DATA_PATH, where colons separate them, or else of
 * /etc/kvdigest and the place of make install.  One that is nowhere would be
 * in the last.  The caller frees it.
 */
char *kd_data_file(const char *name);

#endif
