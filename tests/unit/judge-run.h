/* SPDX-License-Identifier: MIT */
/* A run of the machine as an execution of the axioms: for test-judge.c and
 * test-judge-values.c. */

#define EVENTS 96

/* What a thread did, in the order of the run. */
struct did {
	uint64_t seq;
	uint32_t thread;
	uint32_t event; /* of the execution */
};

struct judge {
	struct litmus *test;
	struct program *program;
	struct cdma_text litmus, scenario;
	struct path_list *paths;
	unsigned int first_line[8]; /* of each thread in the scenario */
	struct machine *machine;
	cdma_region_id mem;
	/* Of the run: accesses by their thread, as machine events. */
	CDMA_VEC(struct cdma_event) events;
	CDMA_VEC(uint32_t) threads;
	CDMA_VEC(uint32_t) lives; /* sync objects of its threads */
	/* The execution that it is. */
	struct execution x;
	const struct path **chosen;
	struct did did[EVENTS];
	unsigned int nr_did;
	struct rel before;      /* (po | rf)* */
	struct rel earlier;     /* and what an answer comes behind by time */
	uint32_t order[EVENTS]; /* of the run; 0: an initial value */
	struct execution part;
	struct path shorter[8]; /* of its threads */
	bool is_free; /* a condition may have seen another store that meets it
		       */
	uint64_t executions, pairs, findings, landed, between_cpus, again;
	uint64_t differences;
	char *smallest; /* owned: what is said of the shortest program */
};

/* ---- a program ---- */

static void find_lines(struct judge *j)
{
	const char *text = cdma_text_str(&j->scenario), *line = text;
	unsigned int nr = 1, thread = 0;

	for (; *line; line += strcspn(line, "\n") + 1, nr++)
		if (!strncmp(line, "thread P", 8) || !strncmp(line, "irq P", 5))
			j->first_line[thread++] = nr;
}

/* Judge j->litmus; all else in @j is zero bytes. */
static void judge_begin(struct judge *j, const char *memory)
{
	struct diag *diag = diag_new(false);

	j->test = litmus_parse("t.litmus", cdma_text_str(&j->litmus),
			       j->litmus.len, diag);
	ck_assert_msg(j->test != NULL, "%s", cdma_text_str(&j->litmus));
	ck_assert_ptr_null(litmus_scenario(&j->scenario, j->test, memory));
	j->program = scene_program(cdma_text_str(&j->scenario), 0);
	j->paths = cdma_xcalloc(j->test->threads.nr, sizeof(*j->paths));
	j->chosen = cdma_xcalloc(j->test->threads.nr, sizeof(*j->chosen));
	for (unsigned int i = 0; i < j->test->threads.nr; i++)
		ck_assert(paths_find(&j->paths[i], j->test, i));
	find_lines(j);
	diag_free(diag);
}

static void judge_fini(struct judge *j)
{
	for (size_t i = 0; i < j->test->threads.nr; i++)
		paths_fini(&j->paths[i]);
	free(j->paths);
	free(j->chosen);
	execution_fini(&j->x);
	execution_fini(&j->part);
	cdma_vec_free(&j->events);
	cdma_vec_free(&j->threads);
	cdma_vec_free(&j->lives);
	program_free(j->program);
	litmus_free(j->test);
	cdma_text_fini(&j->litmus);
	cdma_text_fini(&j->scenario);
}

/* ---- the run ---- */

static uint32_t thread_of(const struct judge *j, const struct cdma_event *ev)
{
	uint32_t thread = 0;

	if (!ev->site || ev->site->line < j->first_line[0])
		return NO_THREAD;
	while (thread + 1 < j->test->threads.nr &&
	       ev->site->line >= j->first_line[thread + 1])
		thread++;
	return thread;
}

/* A thread that ends gives to who joins it, at the place of its last step. */
static bool is_of_life(const struct judge *j, const struct cdma_event *ev)
{
	for (size_t i = 0; i < j->lives.nr; i++)
		if (j->lives.at[i] == ev->object)
			return true;
	return false;
}

static bool is_of_program(const struct judge *j, const struct cdma_event *ev)
{
	switch (ev->kind) {
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
		if (ev->how == CDMA_MMIO)
			return ev->offset > 0;
		return ev->object == j->mem;
	case CDMA_EV_ACQUIRE:
	case CDMA_EV_RELEASE:
		return ev->site && !is_of_life(j, ev) &&
		       (strstr(ev->site->text, "spin_") ||
			strstr(ev->site->text, "complet"));
	case CDMA_EV_IRQ_RAISE:
	case CDMA_EV_IRQ_ENTER:
		return true;
	default:
		return false;
	}
}

static void note(void *aux, const struct cdma_event *ev)
{
	struct judge *j = aux;

	*cdma_vec_push(&j->events) = *ev;
}

static void find_regions(struct judge *j)
{
	const struct cdma_world *world = machine_world(j->machine);
	struct cdma_region_info info;

	for (cdma_region_id id = 1; cdma_region_info(world, id, &info); id++)
		if (!strcmp(info.name, "mem"))
			j->mem = id;
}

static void keep_own(struct judge *j)
{
	size_t nr = 0;

	find_regions(j);
	j->threads.nr = j->lives.nr = 0;
	for (size_t i = 0; i < j->events.nr; i++)
		if (j->events.at[i].kind == CDMA_EV_EXIT)
			*cdma_vec_push(&j->lives) = j->events.at[i].object;
	for (size_t i = 0; i < j->events.nr; i++) {
		struct cdma_event ev = j->events.at[i];
		uint32_t thread = thread_of(j, &ev);

		if (thread == NO_THREAD || !is_of_program(j, &ev))
			continue;
		j->events.at[nr++] = ev;
		*cdma_vec_push(&j->threads) = thread;
	}
	j->events.nr = nr;
}

/* ---- which execution it is ---- */

/* Whether path event @p can be machine event @ev; of a lock, its first half. */
static bool matches(const struct judge *j, const struct path_event *p,
		    const struct cdma_event *ev)
{
	bool is_irq = p->tags & TAGGED(IRQ);
	bool is_lock = p->tags & TAGGED(LKR), is_unlock = p->tags & TAGGED(UL);

	switch (ev->kind) {
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
		if (is_irq || is_lock || is_unlock ||
		    (ev->kind == CDMA_EV_READ) != p->reads)
			return false;
		if (ev->how == CDMA_MMIO)
			return j->test->locs.at[p->loc].is_register;
		return !j->test->locs.at[p->loc].is_register &&
		       ev->offset == 8 * p->loc;
	case CDMA_EV_ACQUIRE:
		return is_lock;
	case CDMA_EV_RELEASE:
		return is_unlock;
	case CDMA_EV_IRQ_RAISE:
		return is_irq && p->writes;
	default:
		return is_irq && p->reads;
	}
}

static bool is_path(const struct judge *j, uint32_t thread,
		    const struct path *path)
{
	unsigned int at = 0;

	for (size_t i = 0; i < j->events.nr; i++) {
		if (j->threads.at[i] != thread)
			continue;
		while (at < path->nr_events && !path->events[at].reads &&
		       !path->events[at].writes)
			at++;
		if (at == path->nr_events ||
		    !matches(j, &path->events[at], &j->events.at[i]))
			return false;
		at += j->events.at[i].kind == CDMA_EV_ACQUIRE ? 2 : 1;
	}
	for (; at < path->nr_events; at++)
		if (path->events[at].reads || path->events[at].writes)
			return false;
	return true;
}

/* Which event of the execution each machine event is. */
static void align(struct judge *j)
{
	unsigned int at[8] = {0};

	j->nr_did = 0;
	memset(j->order, 0, sizeof(j->order));
	for (size_t i = 0; i < j->events.nr; i++) {
		uint32_t t = j->threads.at[i], e;
		const struct path *path = j->chosen[t];

		while (!path->events[at[t]].reads &&
		       !path->events[at[t]].writes)
			at[t]++;
		e = j->x.bases[t] + at[t];
		if (j->nr_did == EVENTS)
			ck_abort_msg("too many events");
		j->did[j->nr_did++] = (struct did){j->events.at[i].seq, t, e};
		j->order[e] = j->nr_did;
		at[t]++;
		if (j->events.at[i].kind != CDMA_EV_ACQUIRE)
			continue;
		j->order[e + 1] = j->nr_did;
		at[t]++;
	}
}

/* The store that access number @i sees: that before it, or, when it is late,
 * the newest one of those up to rf. */
static uint32_t seen_by(const struct judge *j, unsigned int i)
{
	const struct cdma_event *ev = &j->events.at[i];
	uint32_t loc = j->x.events[j->did[i].event].loc, seen = loc;

	for (unsigned int k = 0; k < i; k++) {
		uint32_t e = j->did[k].event, pair = j->x.events[e].pair;

		if (j->x.events[e].loc != loc ||
		    (ev->kind == CDMA_EV_READ && ev->rf &&
		     j->did[k].seq > ev->rf))
			continue;
		if (j->x.events[e].writes)
			seen = e;
		else if (j->events.at[k].kind == CDMA_EV_ACQUIRE)
			seen = pair;
	}
	return seen;
}

static void fill_in(struct judge *j)
{
	struct execution *x = &j->x;

	for (unsigned int i = 0; i < j->nr_did; i++) {
		uint32_t e = j->did[i].event;

		if (!x->events[e].reads)
			continue;
		x->sees[e] = seen_by(j, i);
		rel_add(x->rf, x->sees[e], e);
	}
}

static bool meets_demands(const struct execution *x)
{
	for (uint32_t t = 0; t < x->test->threads.nr; t++)
		for (unsigned int i = 0; i < x->paths[t]->nr_demands; i++) {
			const struct demand *d = &x->paths[t]->demands[i];
			int64_t value;

			if (!execution_value(x, t, d->value, &value) ||
			    (value == d->number) == d->differs)
				return false;
		}
	return true;
}

static bool try_paths(struct judge *j, uint32_t thread)
{
	if (thread == j->test->threads.nr) {
		execution_begin(&j->x, j->test, j->chosen);
		align(j);
		fill_in(j);
		return meets_demands(&j->x);
	}
	for (size_t i = 0; i < j->paths[thread].all.nr; i++) {
		j->chosen[thread] = &j->paths[thread].all.at[i];
		if (is_path(j, thread, j->chosen[thread]) &&
		    try_paths(j, thread + 1))
			return true;
	}
	return false;
}
