#include "config.h"

#include "people.h"
#include "unit.h"

/* The same address, or the same full name, is the same person. */
static void
test_same(void)
{
	g_autoptr(kd_people) people = kd_people_new();

	g_assert_cmpuint(
	    kd_people_add(people, "Ann Example", "ann@a.example"), ==, 0);
	g_assert_cmpuint(kd_people_add(people, "ann", "ANN@a.example"), ==, 0);
	g_assert_cmpuint(
	    kd_people_add(people, "ann example", "ann@b.example"), ==, 0);
	g_assert_cmpuint(kd_people_add(people, "", "ann@b.example"), ==, 0);
	g_assert_cmpuint(kd_people_count(people), ==, 1);
}

/* One word is no full name. */
static void
test_different(void)
{
	g_autoptr(kd_people) people = kd_people_new();

	g_assert_cmpuint(kd_people_add(people, "maz", "a@a.example"), ==, 0);
	g_assert_cmpuint(kd_people_add(people, "maz", "b@a.example"), ==, 1);
	g_assert_cmpuint(kd_people_add(people, "", "c@a.example"), ==, 2);
	g_assert_cmpuint(kd_people_count(people), ==, 3);
}

/* Two who turn out to be one are counted once from then on. */
static void
test_joined(void)
{
	g_autoptr(kd_people) people = kd_people_new();

	g_assert_cmpuint(
	    kd_people_add(people, "Ann Example", "ann@a.example"), ==, 0);
	g_assert_cmpuint(kd_people_add(people, "ann", "ann@b.example"), ==, 1);
	g_assert_cmpuint(
	    kd_people_add(people, "Ann Example", "ann@b.example"), ==, 0);
	g_assert_cmpuint(kd_people_add(people, "ann", "ann@b.example"), ==, 0);
	g_assert_cmpuint(kd_people_count(people), ==, 1);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/people/same", test_same);
	g_test_add_func("/people/different", test_different);
	g_test_add_func("/people/joined", test_joined);
	return g_test_run();
}
