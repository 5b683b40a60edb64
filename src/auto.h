/*
 * Scope-bound cleanup for types of other libraries, for g_autoptr and g_auto.
 * A file that includes this must have included the type's own header first.
 */
#ifndef KD_AUTO_H
#define KD_AUTO_H

#include <glib.h>
#include <stdio.h>
#include <unistd.h>

typedef FILE kd_file;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_file, fclose)

/* g_auto(kd_fd) fd = -1; closes what is not -1. */
typedef int kd_fd;

static inline void
kd_fd_clear(kd_fd *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(kd_fd, kd_fd_clear)

#ifdef JANSSON_H
G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
#endif

#ifdef __GMIME_H__
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMultipart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeObject, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimePart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InternetAddressList, g_object_unref)
#endif

#ifdef _LMDB_H_
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MDB_txn, mdb_txn_abort)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MDB_cursor, mdb_cursor_close)
#endif

#ifdef YAML_H
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(yaml_parser_t, yaml_parser_delete)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(yaml_event_t, yaml_event_delete)
#endif

#endif
