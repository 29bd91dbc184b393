/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_LIFETIME_CALLS_H
#define SCRIPT_LIFETIME_CALLS_H

/*
 * Lifetime calls: the rows of the table of builtins that are about the life of
 * a device, and of what ends with it.  The words are those of builtins.c.
 */

#define LIFETIME_CALLS                                                         \
	CALL("bind", "(device)", BIND, S64, CPU | FAILS, 1,                    \
	     "bind a driver: from now on memory can be allocated",             \
	     ARG_DEVICE),                                                      \
		CALL("unbind", "(device [, DEVRES_FIRST])", UNBIND, NONE, CPU, \
		     1,                                                        \
		     "unbind the driver: nothing may be left allocated; its "  \
		     "data goes, then resources; or the other way round",      \
		     ARG_DEVICE, ARG_FIXED),                                   \
		CALL("get_device", "(device)", GET_DEVICE, NONE, CPU, 1,       \
		     "take a reference", ARG_DEVICE),                          \
		CALL("put_device", "(device)", PUT_DEVICE, NONE, CPU, 1,       \
		     "give a reference back", ARG_DEVICE),                     \
		CALL("devres_new", "(devres)", DEVRES_NEW, S64, CPU | FAILS,   \
		     1, "a resource of its device from now on; 0 or -errno",   \
		     ARG_DEVRES),                                              \
		CALL("devres_access", "(devres, device)", DEVRES_ACCESS, S64,  \
		     CPU | FAILS, 2,                                           \
		     "use it without a guard, since that device is bound; 0 "  \
		     "or -EINVAL",                                             \
		     ARG_DEVRES, ARG_DEVICE),                                  \
		CALL("devres_free", "(devres [, DEVRES_RETURNS])",             \
		     DEVRES_FREE, NONE, CPU, 1,                                \
		     "drop it, or wait until unbind() has; or return at once", \
		     ARG_DEVRES, ARG_FIXED),                                   \
		CALL("revocable_new", "(revocable)", REVOCABLE_NEW, NONE, CPU, \
		     1, "it is there from now on", ARG_REVOCABLE),             \
		CALL("try_access", "(revocable)", TRY_ACCESS, S64, CPU, 1,     \
		     "take a guard; 0 when it was revoked", ARG_REVOCABLE),    \
		CALL("guard_put", "(revocable)", GUARD_PUT, NONE, CPU, 1,      \
		     "put the guard", ARG_REVOCABLE),                          \
		CALL("revocable_access", "(revocable)", REVOCABLE_ACCESS,      \
		     NONE, CPU, 1, "use it without a guard", ARG_REVOCABLE),   \
		CALL("revoke", "(revocable)", REVOKE, S64, CPU | SLEEPS, 1,    \
		     "let nobody in, wait for guards, drop it; 0 when "        \
		     "somebody else does or did",                              \
		     ARG_REVOCABLE),                                           \
		CALL("revoke_nosync", "(revocable)", REVOKE_NOSYNC, S64, CPU,  \
		     1, "the same without waiting", ARG_REVOCABLE),            \
		CALL("iounmap", "(device)", IOUNMAP, NONE, CPU, 1,             \
		     "the registers are not mapped any more", ARG_DEVICE),

#endif /* SCRIPT_LIFETIME_CALLS_H */
