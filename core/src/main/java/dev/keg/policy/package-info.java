/**
 * Automatic work on volumes: {@link dev.keg.policy.Policies} reads the policies from {@code
 * ROOT/policy.json} and from labels, {@link dev.keg.policy.Maintenance} does what is due. A label
 * must not contain a command, nor a repository that the operator has neither named nor trusted,
 * since the creator of a volume chooses its labels.
 */
@NullMarked
package dev.keg.policy;

import org.jspecify.annotations.NullMarked;
