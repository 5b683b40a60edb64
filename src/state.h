/*
 * The state of a topic: what its mails prove of where it stands.  Pure.
 *
 * A state is told by facts and by who wrote, never by what nobody wrote:
 * silence is no consent and no refusal.
 */
#ifndef KD_STATE_H
#define KD_STATE_H

#include "digest.h"

/*
 * Fill the topic's state, state_since and state_evidence, replacing what is
 * there.  Its postings, mails and facts must be complete, the facts of one
 * mail together and in order of lines.  The states:
 *
 *	已合入		the pull request was confirmed by another person
 *	已发 PULL	a pull request was sent
 *	已应用到 X	the newest posting was taken into branch X
 *	已应用		the same, the notice naming no branch
 *	部分应用	some of its patches were
 *	构建失败	a robot could not build it; added to the two before
 *			when it came after them
 *	评审中		persons other than its author answered this version
 *	新发布		it was posted in the window, none of them did yet
 *	已报告		a bug report
 *
 * and "" where nothing proves one.  Evidence are the mails that do.
 */
void kd_state_decide(struct kd_topic *topic);

#endif
