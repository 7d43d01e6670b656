package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.ComputeCore;
import java.nio.file.Path;
import java.util.Optional;

/** Machines and containers of the Host Compute Service. */
public final class ComputeSystems {
  private static final int PATIENCE_MS = 60_000;

  private final Dlls dlls;

  public ComputeSystems(Dlls dlls) {
    this.dlls = dlls;
  }

  /** Grants a machine access to a file. Called before the disk is attached to the machine. */
  public void grantAccess(String machine, Path file) throws Win32Exception {
    check(
        "HcsGrantVmAccess",
        file.toString(),
        dlls.computeCore().HcsGrantVmAccess(Wide.of(machine), Wide.of(absolute(file))));
  }

  public void revokeAccess(String machine, Path file) throws Win32Exception {
    check(
        "HcsRevokeVmAccess",
        file.toString(),
        dlls.computeCore().HcsRevokeVmAccess(Wide.of(machine), Wide.of(absolute(file))));
  }

  private static String absolute(Path file) {
    return file.toAbsolutePath().toString();
  }

  /** Sends a ModifySettingRequest to a running system and waits for the result. */
  public void modify(String id, String request) throws Win32Exception {
    ComputeCore hcs = dlls.computeCore();
    var system = new PointerByReference();
    check(
        "HcsOpenComputeSystem",
        id,
        hcs.HcsOpenComputeSystem(Wide.of(id), ComputeCore.GENERIC_ALL, system));
    try {
      modify(hcs, id, system.getValue(), request);
    } finally {
      hcs.HcsCloseComputeSystem(system.getValue());
    }
  }

  private void modify(ComputeCore hcs, String id, Pointer system, String request)
      throws Win32Exception {
    Pointer operation = hcs.HcsCreateOperation(null, null);
    if (operation == null) {
      throw new Win32Exception("HcsCreateOperation", id, Win32Error.GEN_FAILURE);
    }
    try {
      check(
          "HcsModifyComputeSystem",
          id,
          hcs.HcsModifyComputeSystem(system, operation, Wide.of(request), null));
      var result = new PointerByReference();
      int code = hcs.HcsWaitForOperationResult(operation, PATIENCE_MS, result);
      Optional<String> reason = Optional.empty();
      if (result.getValue() != null) {
        reason = HcsResult.reason(Wide.read(result.getValue()));
        dlls.kernel32().LocalFree(result.getValue());
      }
      if (code < 0) {
        String words = Win32Error.message(code);
        throw new Win32Exception(
            "HcsModifyComputeSystem",
            id,
            new Win32Exception.Cause(code, reason.map(why -> words + ": " + why).orElse(words)));
      }
    } finally {
      hcs.HcsCloseOperation(operation);
    }
  }

  private static void check(String call, String target, int code) throws Win32Exception {
    if (code < 0) {
      throw new Win32Exception(call, target, code);
    }
  }
}
