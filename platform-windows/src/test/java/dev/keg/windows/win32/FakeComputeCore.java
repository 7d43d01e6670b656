package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.ComputeCore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Machines that accept any request, and containers; see {@link FakeWindows}. */
final class FakeComputeCore implements ComputeCore {
  private final FakeWindows windows;

  /** The result of a started operation. */
  private static final class Operation {
    private int code = Win32Error.SUCCESS;
    private @Nullable Memory document;
  }

  FakeComputeCore(FakeWindows windows) {
    this.windows = windows;
  }

  @Override
  public @Nullable Pointer HcsCreateOperation(
      @Nullable Pointer context, @Nullable Pointer callback) {
    return windows.open(new Operation());
  }

  @Override
  public void HcsCloseOperation(Pointer operation) {
    windows.close(Pointer.nativeValue(operation));
  }

  @Override
  public int HcsOpenComputeSystem(
      Pointer id, int requestedAccess, PointerByReference computeSystem) {
    String machine = WideString.read(id);
    if (windows.fails("HcsOpenComputeSystem " + machine) || requestedAccess != GENERIC_ALL) {
      return Win32Error.HCS_ACCESS_DENIED;
    }
    if (!windows.machines.contains(machine) && !windows.containers.containsKey(machine)) {
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
    if (windows.fails("HcsModifyComputeSystem " + WideString.read(configuration))) {
      return Win32Error.HCS_INVALID_JSON;
    }
    container(computeSystem)
        .ifPresent(c -> operation(operation).code = c.modify(WideString.read(configuration)));
    return Win32Error.SUCCESS;
  }

  @Override
  public int HcsGetComputeSystemProperties(
      Pointer computeSystem, Pointer operation, @Nullable Pointer propertyQuery) {
    if (windows.fails("HcsGetComputeSystemProperties")) {
      return Win32Error.HCS_ACCESS_DENIED;
    }
    String id = windows.handle(computeSystem, String.class).orElseThrow();
    operation(operation).document =
        WideString.of(
            container(computeSystem)
                .map(c -> c.properties(id))
                .orElse("{\"SystemType\":\"VirtualMachine\",\"RuntimeId\":\"1\"}"));
    return Win32Error.SUCCESS;
  }

  private Optional<FakeContainer> container(Pointer system) {
    return windows
        .handle(system, String.class)
        .flatMap(id -> Optional.ofNullable(windows.containers.get(id)));
  }

  private Operation operation(Pointer operation) {
    return windows.handle(operation, Operation.class).orElseThrow();
  }

  @Override
  public int HcsWaitForOperationResult(
      Pointer operation, int timeoutMs, PointerByReference resultDocument) {
    boolean fails = windows.fails("HcsWaitForOperationResult");
    if (windows.hcsAnswer.isPresent()) {
      resultDocument.setValue(WideString.of(windows.hcsAnswer.get()));
      return Win32Error.HCS_INVALID_STATE;
    }
    if (operation(operation).document != null) {
      resultDocument.setValue(operation(operation).document);
    }
    return fails ? Win32Error.HCS_OPERATION_TIMEOUT : operation(operation).code;
  }

  @Override
  public int HcsGrantVmAccess(Pointer vmId, Pointer filePath) {
    return windows.fails(
            "HcsGrantVmAccess " + WideString.read(vmId) + " " + WideString.read(filePath))
        ? Win32Error.HCS_ACCESS_DENIED
        : Win32Error.SUCCESS;
  }

  @Override
  public int HcsRevokeVmAccess(Pointer vmId, Pointer filePath) {
    return windows.fails(
            "HcsRevokeVmAccess " + WideString.read(vmId) + " " + WideString.read(filePath))
        ? Win32Error.HCS_ACCESS_DENIED
        : Win32Error.SUCCESS;
  }
}
