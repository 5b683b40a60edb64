/*
 * Files that are installed with the programs.
 */
#ifndef KD_DATA_H
#define KD_DATA_H

/*
 * The path of one, "terms": in $KVDIGEST_DATA_PATH, or else where make install
 * has put it.  The caller frees it.
 */
char *kd_data_file(const char *name);

#endif
