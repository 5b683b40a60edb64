/*
 * What of a topic concerns the team that the digest is for, as team.addresses,
 * team.names, team.paths and team.keywords say.  Pure.
 */
#ifndef KD_TEAM_H
#define KD_TEAM_H

#include <glib.h>

#include "conf.h"
#include "digest.h"

/* Whether anything of team is configured. */
gboolean kd_team_is_configured(const kd_conf *conf);

/*
 * Add to topic->notes, which is empty, what concerns the team.  The topic is
 * told; records (of kd_record *, with texts) are those of its mails.
 */
void kd_team_note(
    const kd_conf *conf, struct kd_topic *topic, const GPtrArray *records);

#endif
