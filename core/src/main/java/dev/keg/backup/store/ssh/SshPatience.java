package dev.keg.backup.store.ssh;

import java.time.Duration;

/**
 * How long the other machine may be silent. ssh itself notices a dead connection, but not a command
 * that hangs there.
 *
 * @param idle within a transfer
 */
record SshPatience(Duration idle) {
  /** Somebody may have to answer ssh's questions; sshd allows two minutes for that. */
  Duration login() {
    return idle.multipliedBy(3);
  }

  /** For what may work for long before it says anything. */
  Duration working() {
    return idle.multipliedBy(10);
  }

  /**
   * @param login whether the time includes a login
   */
  Duration of(RemoteScript script, boolean login) {
    if (script.isSlow()) {
      return working();
    }
    return login ? login() : idle;
  }
}
