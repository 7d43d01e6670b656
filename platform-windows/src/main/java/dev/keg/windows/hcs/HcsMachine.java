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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A running machine of the Host Compute Service. Before it gets a disk, it is granted access to the
 * disk's file and to every disk that it is built on.
 */
public final class HcsMachine implements RunningMachine {
  /** Without an agent in the machine that mounts its disks. */
  private static final HcsTarget TARGET =
      new HcsTarget(HcsTarget.Role.MACHINE, HcsTarget.Guest.WINDOWS, false);

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
      for (Path file : plug.files()) {
        systems.grantAccess(id, file);
      }
      send(HcsRequests.Type.ADD, plug);
    } catch (Win32Exception e) {
      unanswered = e.code() == Win32Error.HCS_OPERATION_TIMEOUT;
      if (!unanswered) {
        revokeAfter(e, plug);
      }
      throw failed("attach", plug, "`hcsdiag list` shows the ids of running machines", e);
    }
  }

  private void revokeAfter(Win32Exception failure, Plug plug) {
    try {
      revoke(plug);
    } catch (Win32Exception e) {
      failure.addSuppressed(e);
    }
  }

  /** Revokes the access to files that the machine needs for no other disk. */
  private void revoke(Plug plug) throws Win32Exception {
    for (Path file : plug.unshared()) {
      systems.revokeAccess(id, file);
    }
  }

  @Override
  public void unplug(Plug plug) {
    try {
      send(HcsRequests.Type.REMOVE, plug);
      revoke(plug);
    } catch (Win32Exception e) {
      throw failed("detach", plug, "if the machine is gone, detach without --hcs", e);
    }
  }

  /** A refused request had no effect; one without an answer may have had one. */
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
                OptionalInt.of(plug.slot()),
                plug.disk().file().toString(),
                plug.disk().format(),
                "auto",
                null,
                false,
                Optional.empty()),
            null,
            Access.DEFAULT.withReadOnly(plug.readOnly()));
    for (String request : HcsRequests.of(type, List.of(disk), TARGET)) {
      systems.modify(id, request.strip());
    }
  }

  private MachineFailed failed(String operation, Plug plug, String missing, Win32Exception e) {
    String hint =
        switch (e.code()) {
          case Win32Error.HCS_SYSTEM_NOT_FOUND -> missing;
          case Win32Error.HCS_ACCESS_DENIED -> "run keg as administrator";
          default -> null;
        };
    return new MachineFailed(operation, plug.volume().text(), e.what(), hint, e);
  }
}
