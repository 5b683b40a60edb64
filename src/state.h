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
 *			(of a bug report: 已修复，已应用到 X)
 *	部分应用	some of its patches were
 *	被拒		a NAK has no answer, or the author took it back
 *	构建失败	a robot could not build it; added to the two before
 *			when it came after them
 *	等作者		a question or an objection has no answer
 *	等维护者	every patch was reviewed or acked by others
 *	评审中		persons other than its author answered this version
 *	新发布		it was posted in the window, none of them did yet
 *	等评审		it was posted before, and none did
 *	已报告		a bug report
 *
 * and "" where nothing proves one.  Evidence are the mails that do.  To what is
 * not over is added how long nobody has written before until, in Unix seconds:
 * 静默 N 天, from two weeks on.  topic->waiting tells whose turn it is.
 */
void kd_state_decide(struct kd_topic *topic, gint64 until);

#endif
