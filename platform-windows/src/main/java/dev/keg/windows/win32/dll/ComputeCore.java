package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/** {@code computecore.dll}: the Host Compute Service. The functions return HRESULTs. */
public interface ComputeCore extends Library {
  int GENERIC_ALL = 0x10000000;

  @Nullable Pointer HcsCreateOperation(@Nullable Pointer context, @Nullable Pointer callback);

  void HcsCloseOperation(Pointer operation);

  int HcsOpenComputeSystem(Pointer id, int requestedAccess, PointerByReference computeSystem);

  void HcsCloseComputeSystem(Pointer computeSystem);

  int HcsModifyComputeSystem(
      Pointer computeSystem, Pointer operation, Pointer configuration, @Nullable Pointer identity);

  /** Without a query, returns what every system has: its type, state and the id of this run. */
  int HcsGetComputeSystemProperties(
      Pointer computeSystem, Pointer operation, @Nullable Pointer propertyQuery);

  int HcsWaitForOperationResult(
      Pointer operation, int timeoutMs, PointerByReference resultDocument);

  int HcsGrantVmAccess(Pointer vmId, Pointer filePath);

  int HcsRevokeVmAccess(Pointer vmId, Pointer filePath);
}
