package dev.keg.machine.qmp;

import dev.keg.machine.qmp.GuestAgent.AgentException;
import dev.keg.machine.qmp.QmpException.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a machine is asked for, and the hints when it refuses that or does not answer. */
enum QmpPurpose {
  ATTACH("attach", "the machine is unchanged", null),
  DETACH("detach", "the machine is unchanged", "if the machine is gone, detach without --qmp"),
  // A copy slowed the machine's writes until it was cancelled.
  BACKUP("backup", null, null);

  private static final String SOCKET =
      "--qmp needs the socket of a QEMU started with -qmp unix:PATH,server=on,wait=off";

  private final String operation;
  private final @Nullable String refused;
  private final @Nullable String silent;

  QmpPurpose(String operation, @Nullable String refused, @Nullable String silent) {
    this.operation = operation;
    this.refused = refused;
    this.silent = silent;
  }

  String operation() {
    return operation;
  }

  @Nullable String hint(IOException failure) {
    if (failure instanceof AgentException agent) {
      return agent.hint();
    }
    if (failure instanceof QmpException qmp && qmp.failure() == Failure.REFUSED) {
      return refused;
    }
    return silent == null ? SOCKET : silent;
  }
}
