package dev.keg.windows.hcs;

import dev.keg.error.HolderException.MachineFailed;
import dev.keg.machine.Plug;
import dev.keg.machine.RunningMachine;
import dev.keg.mountspec.Access;
import dev.keg.render.document.Part;
import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsTarget;
import dev.keg.windows.win32.ComputeSystems;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import java.util.List;

/**
 * A machine of the Host Compute Service. Its place for a disk follows from the drive's id: {@code
 * vda} is the first of the first SCSI controller.
 */
public final class HcsMachine implements RunningMachine {
  /** One that nobody but its own system helps to mount what it gets. */
  private static final HcsTarget TARGET =
      new HcsTarget(HcsTarget.Kind.MACHINE, HcsTarget.Guest.WINDOWS, false);

  private final ComputeSystems systems;
  private final String id;
  private boolean unanswered;

  public HcsMachine(ComputeSystems systems, String id) {
    this.systems = systems;
    this.id = id;
  }

  @Override
  public void plug(Plug plug) {
    try {
      systems.grantAccess(id, plug.disk().file());
      try {
        send(HcsRequests.Type.ADD, plug);
      } catch (Win32Exception e) {
        shutOut(plug, e);
        throw e;
      }
    } catch (Win32Exception e) {
      throw failed("attach", plug, e);
    }
  }

  private void shutOut(Plug plug, Win32Exception failure) {
    unanswered = failure.code() == Win32Error.HCS_OPERATION_TIMEOUT;
    if (unanswered) {
      return;
    }
    try {
      systems.revokeAccess(id, plug.disk().file());
    } catch (Win32Exception e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void unplug(Plug plug) {
    try {
      send(HcsRequests.Type.REMOVE, plug);
      systems.revokeAccess(id, plug.disk().file());
    } catch (Win32Exception e) {
      throw failed("detach", plug, e);
    }
  }

  /** A request that was refused had no effect; one without an answer may have one yet. */
  @Override
  public boolean lacks(Plug plug) {
    return !unanswered;
  }

  private void send(HcsRequests.Type type, Plug plug) throws Win32Exception {
    Part disk =
        new Part.Disk(
            new Part.Image(
                plug.volume().text(),
                plug.drive().text(),
                plug.disk().file().toString(),
                plug.disk().format(),
                "auto"),
            null,
            Access.DEFAULT.withReadOnly(plug.readOnly()));
    for (String request : HcsRequests.of(type, List.of(disk), TARGET)) {
      systems.modify(id, request.strip());
    }
  }

  private MachineFailed failed(String operation, Plug plug, Win32Exception e) {
    String hint =
        switch (e.code()) {
          case Win32Error.HCS_SYSTEM_NOT_FOUND ->
              operation.equals("attach")
                  ? "`hcsdiag list` shows the ids of the machines that run"
                  : "if the machine is gone, detach without --hcs";
          case Win32Error.HCS_ACCESS_DENIED -> "run it as administrator";
          default -> null;
        };
    return new MachineFailed(operation, plug.volume().text(), e.what(), hint, e);
  }
}
