# What every bench begins with, after t/lib.sh.
#
# Times are of this machine and hour; ratios are of runs in turn.

# bench_machine: what was measured on.
bench_machine()
{
	echo "machine: $(nproc) cores, $(uname -sr), $(stat -f -c %T .)"
}

# bench_row FILE: what bench-run printed, for people.
bench_row()
{
	awk -F '\t' '{ printf "\t%-16s %7.2f ms (%.2f to %.2f), CPU %.2f ms, %.1f MB\n",
		$6, $1 / 1000, $2 / 1000, $3 / 1000, $4 / 1000, $5 / 1024 }' "$1"
}

# bench_goal WHAT A / B HOW GOAL: the quotient, and whether it meets the goal.
bench_goal()
{
	awk -v what="$1" -v a="$2" -v b="$4" -v how="$5" -v goal="$6" 'BEGIN {
		x = a / b
		met = how == "<=" ? x <= goal : x >= goal
		printf "%-48s %10.2f   goal %s %s: %s\n", what, x, how, goal,
		    met ? "met" : "not met"
	}'
}
