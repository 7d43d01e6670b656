package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.ComputeCore;
import org.jspecify.annotations.Nullable;

/** Machines that take any request; see {@link FakeWindows}. */
final class FakeComputeCore implements ComputeCore {
  private final FakeWindows windows;

  FakeComputeCore(FakeWindows windows) {
    this.windows = windows;
  }

  @Override
  public @Nullable Pointer HcsCreateOperation(
      @Nullable Pointer context, @Nullable Pointer callback) {
    return windows.open("operation");
  }

  @Override
  public void HcsCloseOperation(Pointer operation) {
    windows.close(Pointer.nativeValue(operation));
  }

  @Override
  public int HcsOpenComputeSystem(
      Pointer id, int requestedAccess, PointerByReference computeSystem) {
    String machine = Wide.read(id);
    if (windows.fails("HcsOpenComputeSystem " + machine) || requestedAccess != GENERIC_ALL) {
      return Win32Error.HCS_ACCESS_DENIED;
    }
    if (!windows.machines.contains(machine)) {
      return Win32Error.HCS_SYSTEM_NOT_FOUND;
    }
    computeSystem.setValue(windows.open(machine));
    return Win32Error.SUCCESS;
  }

  @Override
  public void HcsCloseComputeSystem(Pointer computeSystem) {
    windows.close(Pointer.nativeValue(computeSystem));
  }

  @Override
  public int HcsModifyComputeSystem(
      Pointer computeSystem, Pointer operation, Pointer configuration, @Nullable Pointer identity) {
    return windows.fails("HcsModifyComputeSystem " + Wide.read(configuration))
        ? Win32Error.HCS_INVALID_JSON
        : Win32Error.SUCCESS;
  }

  @Override
  public int HcsWaitForOperationResult(
      Pointer operation, int timeoutMs, PointerByReference resultDocument) {
    boolean fails = windows.fails("HcsWaitForOperationResult");
    if (windows.hcsAnswer.isPresent()) {
      resultDocument.setValue(Wide.of(windows.hcsAnswer.get()));
      return Win32Error.HCS_INVALID_STATE;
    }
    return fails ? Win32Error.HCS_OPERATION_TIMEOUT : Win32Error.SUCCESS;
  }

  @Override
  public int HcsGrantVmAccess(Pointer vmId, Pointer filePath) {
    return windows.fails("HcsGrantVmAccess " + Wide.read(vmId) + " " + Wide.read(filePath))
        ? Win32Error.HCS_ACCESS_DENIED
        : Win32Error.SUCCESS;
  }

  @Override
  public int HcsRevokeVmAccess(Pointer vmId, Pointer filePath) {
    return windows.fails("HcsRevokeVmAccess " + Wide.read(vmId) + " " + Wide.read(filePath))
        ? Win32Error.HCS_ACCESS_DENIED
        : Win32Error.SUCCESS;
  }
}
