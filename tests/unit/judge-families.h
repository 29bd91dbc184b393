/* SPDX-License-Identifier: MIT */
/* Of which shapes all programs are judged: for judge-shapes.h alone. */

/*
 * A family is a row of threads, a thread a row of slots, and each slot has its
 * alternatives.  One program is one choice for every slot.
 *
 * All programs of a kind are chains: the first thread does something to x and
 * tells, the next one hears of it, and the last one comes back to x.  In what
 * is no chain nobody relies on anything; and one in another order, or with
 * other names, is the same program.  So those are all there are.
 *
 *	R W           READ_ONCE, WRITE_ONCE; of a device, its read and write
 *	A L           smp_load_acquire, smp_store_release
 *	X Xr Xa Xl    xchg, _relaxed, _acquire, _release
 *	W~ Wu         a relaxed, an unordered device write
 *	D d E e       writel, writel_relaxed to the doorbell d; readl,
 *		      readl_relaxed of the status e.  Of a device D reads the
 *		      doorbell, and E writes the status, which G reads
 *	!             raise()
 *	C w           complete(), wait_for_completion()
 *	( )           spin_lock, spin_unlock; what is left open is closed
 *	? =           the next one is under a condition on the last value read,
 *		      stores what is computed from it
 *	smp_mb        a barrier
 *
 * An access has its place behind it.
 */
typedef const char *const shape_slot[16];

struct shape_thread {
	const char *process; /* "": a CPU; NULL: there is none */
	const shape_slot *slots[9];
};

struct shape_family {
	const char *name;
	bool is_short; /* all of it in make check */
	bool has_device;
	struct shape_thread threads[5]; /* the last one is none */
};

static const shape_slot all = {"",        "?",      "=",       "smp_rmb",
			       "smp_wmb", "smp_mb", "dma_rmb", "dma_wmb",
			       "dma_mb",  "rmb",    "wmb",     "mb"};
static const shape_slot few = {"", "smp_rmb", "smp_wmb", "smp_mb", "?", "="};
static const shape_slot some = {"",    "dma_rmb", "dma_wmb", "dma_mb",
				"wmb", "mb",      "?",       "="};
static const shape_slot any_x = {"Rx", "Ax",  "Wx",  "Lx",
				 "Xx", "Xrx", "Xax", "Xlx"};
static const shape_slot some_x = {"Rx", "Ax", "Wx", "Lx"};
static const shape_slot at_x = {"Rx", "Wx"};
static const shape_slot any_tell = {"Wy", "Ly", "Xy", "Xry", "Xly"};
static const shape_slot any_hear = {"Ry", "Ay", "Xy", "Xry", "Xay"};
static const shape_slot tell_y = {"Wy", "Ly"}, hear_y = {"Ry", "Ay"};
static const shape_slot tell_z = {"Wz", "Lz"}, hear_z = {"Rz", "Az"};
/* Where a device takes part, an acquire is left out: what is in order for CPUs
 * alone, and passes through a device, the rules lose. */
static const shape_slot see_y = {"Ry"}, see_z = {"Rz"};
static const shape_slot mid = {"Rx", "Wx", "Rw", "Ww", "Ry", "Wy"};
static const shape_slot complete = {"C"}, wait_for = {"w"};
static const shape_slot lock = {"", "("}, relock = {"", "(", ")", ")("};

static const shape_slot ring_y = {"Wy", "Dd", "dd"}, ask_y = {"Ry", "Ee", "ee"};
static const shape_slot ring_z = {"Wz", "Dd", "dd"}, ask_z = {"Rz", "Ee", "ee"};
static const shape_slot io = {"Rx", "Wx", "Rw", "Ww", "Dd", "dd", "Ee", "ee"};
static const shape_slot dev_x = {"Rx", "Wx", "W~x", "Wux"};
static const shape_slot dev_tell_y = {"Wy", "W~y", "Wuy", "Ee"};
static const shape_slot dev_tell_z = {"Wz", "W~z", "Wuz", "Ee"};
static const shape_slot dev_hear_y = {"Ry", "Dd"}, dev_hear_z = {"Rz", "Dd"};
static const shape_slot dev_dev = {"Ry", "Ge"};
static const shape_slot dev_mid = {"Rx", "Wx", "W~x", "Wux",
				   "Rw", "Ww", "W~w", "Wuw"};
static const shape_slot raises = {"!"}, ask = {"", "Ee", "ee"};

#define ON_CPU(...)                                                            \
	"",                                                                    \
	{                                                                      \
		__VA_ARGS__                                                    \
	}
#define ENGINE(...)                                                            \
	"device ",                                                             \
	{                                                                      \
		__VA_ARGS__                                                    \
	}
#define MSI(...)                                                               \
	"msi ",                                                                \
	{                                                                      \
		__VA_ARGS__                                                    \
	}
#define INTX(...)                                                              \
	"intx ",                                                               \
	{                                                                      \
		__VA_ARGS__                                                    \
	}

static const struct shape_family families[] = {
	/* Two accesses of each of two. */
	{"cpu, cpu",
	 true,
	 false,
	 {{ON_CPU(&some_x, &few, &tell_y)}, {ON_CPU(&hear_y, &few, &some_x)}}},
	{"cpu, device",
	 true,
	 true,
	 {{ON_CPU(&at_x, &all, &ring_y)}, {ENGINE(&dev_hear_y, &dev_x)}}},
	{"device, cpu",
	 true,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)}, {ON_CPU(&ask_y, &all, &at_x)}}},
	{"device, device",
	 true,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)}, {ENGINE(&dev_dev, &dev_x)}}},
	{"device, msi",
	 true,
	 true,
	 {{ENGINE(&dev_x, &raises)}, {MSI(&ask, &all, &at_x)}}},
	{"device, intx",
	 true,
	 true,
	 {{ENGINE(&dev_x, &raises)}, {INTX(&ask, &all, &at_x)}}},
	{"cpu, cpu, atomic",
	 false,
	 false,
	 {{ON_CPU(&any_x, &few, &any_tell)},
	  {ON_CPU(&any_hear, &few, &any_x)}}},
	/* Three of one of them. */
	{"cpu of three, cpu",
	 false,
	 false,
	 {{ON_CPU(&at_x, &few, &mid, &few, &tell_y)},
	  {ON_CPU(&hear_y, &few, &at_x)}}},
	{"cpu, cpu of three",
	 false,
	 false,
	 {{ON_CPU(&at_x, &few, &tell_y)},
	  {ON_CPU(&hear_y, &few, &mid, &few, &at_x)}}},
	{"cpu of three, device",
	 false,
	 true,
	 {{ON_CPU(&at_x, &some, &io, &some, &ring_y)},
	  {ENGINE(&dev_hear_y, &dev_x)}}},
	{"device, cpu of three",
	 false,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)},
	  {ON_CPU(&ask_y, &some, &io, &some, &at_x)}}},
	{"device of three, cpu",
	 false,
	 true,
	 {{ENGINE(&dev_x, &dev_mid, &dev_tell_y)},
	  {ON_CPU(&ask_y, &all, &at_x)}}},
	{"cpu, device of three",
	 false,
	 true,
	 {{ON_CPU(&at_x, &all, &ring_y)},
	  {ENGINE(&dev_hear_y, &dev_mid, &dev_x)}}},
	/* Two accesses of each of three. */
	{"cpu, cpu, cpu",
	 false,
	 false,
	 {{ON_CPU(&at_x, &few, &tell_y)},
	  {ON_CPU(&hear_y, &few, &tell_z)},
	  {ON_CPU(&hear_z, &few, &at_x)}}},
	{"cpu, cpu, device",
	 false,
	 true,
	 {{ON_CPU(&at_x, &some, &tell_y)},
	  {ON_CPU(&see_y, &some, &ring_z)},
	  {ENGINE(&dev_hear_z, &dev_x)}}},
	{"device, cpu, cpu",
	 false,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)},
	  {ON_CPU(&ask_y, &some, &tell_z)},
	  {ON_CPU(&see_z, &some, &at_x)}}},
	{"cpu, device, cpu",
	 false,
	 true,
	 {{ON_CPU(&at_x, &some, &ring_y)},
	  {ENGINE(&dev_hear_y, &dev_tell_z)},
	  {ON_CPU(&ask_z, &some, &at_x)}}},
	{"device, cpu, device",
	 false,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)},
	  {ON_CPU(&ask_y, &some, &ring_z)},
	  {ENGINE(&dev_hear_z, &dev_x)}}},
	{"device, device, cpu",
	 false,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)},
	  {ENGINE(&dev_dev, &dev_tell_z)},
	  {ON_CPU(&ask_z, &some, &at_x)}}},
	{"cpu, device, device",
	 false,
	 true,
	 {{ON_CPU(&at_x, &some, &ring_y)},
	  {ENGINE(&dev_hear_y, &dev_tell_z)},
	  {ENGINE(&dev_hear_z, &dev_x)}}},
	{"device, msi, cpu",
	 false,
	 true,
	 {{ENGINE(&dev_x, &raises)},
	  {MSI(&ask, &some, &tell_z)},
	  {ON_CPU(&see_z, &some, &at_x)}}},
	/* Completions. */
	{"cpu, cpu, completion",
	 true,
	 false,
	 {{ON_CPU(&some_x, &complete)}, {ON_CPU(&wait_for, &some_x)}}},
	{"cpu, cpu, completion, cpu",
	 false,
	 false,
	 {{ON_CPU(&at_x, &few, &tell_y)},
	  {ON_CPU(&hear_y, &few, &complete)},
	  {ON_CPU(&wait_for, &at_x)}}},
	{"cpu, completion, cpu, cpu",
	 false,
	 false,
	 {{ON_CPU(&at_x, &complete)},
	  {ON_CPU(&wait_for, &few, &tell_z)},
	  {ON_CPU(&hear_z, &few, &at_x)}}},
	{"cpu, cpu, completion, cpu, cpu",
	 false,
	 false,
	 {{ON_CPU(&at_x, &few, &tell_y)},
	  {ON_CPU(&hear_y, &few, &complete)},
	  {ON_CPU(&wait_for, &few, &tell_z)},
	  {ON_CPU(&hear_z, &few, &at_x)}}},
	{"device, cpu, completion, cpu",
	 false,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)},
	  {ON_CPU(&ask_y, &some, &complete)},
	  {ON_CPU(&wait_for, &at_x)}}},
	{"cpu, completion, cpu, device",
	 false,
	 true,
	 {{ON_CPU(&at_x, &complete)},
	  {ON_CPU(&wait_for, &some, &ring_z)},
	  {ENGINE(&dev_hear_z, &dev_x)}}},
	/* Sections of a lock. */
	{"cpu, cpu, a lock",
	 false,
	 false,
	 {{ON_CPU(&lock, &at_x, &relock, &few, &tell_y, &relock)},
	  {ON_CPU(&lock, &hear_y, &relock, &few, &at_x)}}},
	{"cpu, cpu, cpu, a lock",
	 false,
	 false,
	 {{ON_CPU(&lock, &at_x, &relock, &tell_y)},
	  {ON_CPU(&lock, &hear_y, &relock, &tell_z)},
	  {ON_CPU(&lock, &hear_z, &relock, &at_x)}}},
	{"cpu, cpu, device, a lock",
	 false,
	 true,
	 {{ON_CPU(&lock, &at_x, &relock, &tell_y)},
	  {ON_CPU(&lock, &see_y, &relock, &some, &ring_z)},
	  {ENGINE(&dev_hear_z, &dev_x)}}},
	{"device, cpu, cpu, a lock",
	 false,
	 true,
	 {{ENGINE(&dev_x, &dev_tell_y)},
	  {ON_CPU(&lock, &ask_y, &relock, &some, &tell_z)},
	  {ON_CPU(&lock, &see_z, &relock, &at_x)}}},
};

#undef ON_CPU
#undef ENGINE
#undef MSI
#undef INTX
