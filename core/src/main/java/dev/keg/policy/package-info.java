/**
 * What Keg does to volumes automatically: {@link dev.keg.policy.Policies} reads it from {@code
 * ROOT/policy.json} and from labels, {@link dev.keg.policy.Maintenance} does what is due. It may
 * use backups and the registry; nothing uses it but commands. A label never names a command, nor a
 * repository that the operator has not named or trusted: whoever makes a volume chooses its labels.
 */
@NullMarked
package dev.keg.policy;

import org.jspecify.annotations.NullMarked;
