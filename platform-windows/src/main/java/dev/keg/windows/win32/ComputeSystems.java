package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.windows.win32.dll.ComputeCore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
        dlls.computeCore().HcsGrantVmAccess(WideString.of(machine), WideString.of(absolute(file))));
  }

  public void revokeAccess(String machine, Path file) throws Win32Exception {
    check(
        "HcsRevokeVmAccess",
        file.toString(),
        dlls.computeCore()
            .HcsRevokeVmAccess(WideString.of(machine), WideString.of(absolute(file))));
  }

  private static String absolute(Path file) {
    return file.toAbsolutePath().toString();
  }

  /** Sends a ModifySettingRequest to a running system and waits for the result. */
  public void modify(String id, String request) throws Win32Exception {
    Optional<String> _ =
        call(
            "HcsModifyComputeSystem",
            id,
            (hcs, system, operation) ->
                hcs.HcsModifyComputeSystem(system, operation, WideString.of(request), null));
  }

  /**
   * A system that exists.
   *
   * @param type {@code Container} or {@code VirtualMachine}
   * @param run the unique id of this run
   */
  public record ComputeSystem(String type, String run, boolean stopped) {
    public boolean isContainer() {
      return type.equals("Container");
    }
  }

  /** Empty if there is no system with this id. */
  public Optional<ComputeSystem> look(String id) throws Win32Exception {
    try {
      return Optional.of(
          call(
                  "HcsGetComputeSystemProperties",
                  id,
                  (hcs, system, operation) ->
                      hcs.HcsGetComputeSystemProperties(system, operation, null))
              .flatMap(ComputeSystems::system)
              .orElseThrow(
                  () ->
                      new Win32Exception(
                          "HcsGetComputeSystemProperties", id, Win32Error.GEN_FAILURE)));
    } catch (Win32Exception e) {
      if (e.code() == Win32Error.HCS_SYSTEM_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The service's description of a system.
   *
   * <pre>{"Id":"5f3c…","SystemType":"Container","RuntimeOsType":"Windows",
   * "RuntimeId":"8e1a2b3c-…","State":"Running"}</pre>
   */
  private static Optional<ComputeSystem> system(String document) {
    try {
      Map<String, Object> answer = JsonObject.parse(document.getBytes(StandardCharsets.UTF_8));
      return answer.get("SystemType") instanceof String type
              && answer.get("RuntimeId") instanceof String run
          ? Optional.of(new ComputeSystem(type, run, "Stopped".equals(answer.get("State"))))
          : Optional.empty();
    } catch (InvalidDocument _) {
      return Optional.empty(); // the caller reports that there was no answer
    }
  }

  /** An operation on an open system, which begins it and does not wait for its end. */
  private interface Operation {
    int begin(ComputeCore hcs, Pointer system, Pointer operation);
  }

  private Optional<String> call(String name, String id, Operation operation) throws Win32Exception {
    ComputeCore hcs = dlls.computeCore();
    var system = new PointerByReference();
    check(
        "HcsOpenComputeSystem",
        id,
        hcs.HcsOpenComputeSystem(WideString.of(id), ComputeCore.GENERIC_ALL, system));
    try {
      return call(name, id, system.getValue(), operation);
    } finally {
      hcs.HcsCloseComputeSystem(system.getValue());
    }
  }

  private Optional<String> call(String name, String id, Pointer system, Operation work)
      throws Win32Exception {
    ComputeCore hcs = dlls.computeCore();
    Pointer operation = hcs.HcsCreateOperation(null, null);
    if (operation == null) {
      throw new Win32Exception("HcsCreateOperation", id, Win32Error.GEN_FAILURE);
    }
    try {
      check(name, id, work.begin(hcs, system, operation));
      var result = new PointerByReference();
      int code = hcs.HcsWaitForOperationResult(operation, PATIENCE_MS, result);
      Optional<String> answer = Optional.empty();
      if (result.getValue() != null) {
        answer = Optional.of(WideString.read(result.getValue()));
        dlls.kernel32().LocalFree(result.getValue());
      }
      if (code < 0) {
        String words = Win32Error.message(code);
        Optional<String> reason = answer.flatMap(ComputeSystems::reason);
        throw new Win32Exception(
            name,
            id,
            new Win32Exception.Cause(code, reason.map(why -> words + ": " + why).orElse(words)));
      }
      return answer;
    } finally {
      hcs.HcsCloseOperation(operation);
    }
  }

  private static void check(String call, String target, int code) throws Win32Exception {
    if (code < 0) {
      throw new Win32Exception(call, target, code);
    }
  }

  /**
   * The reason of a failure in an answer of the service: the first event, which names the device,
   * or else the message of the error.
   *
   * <pre>{"Error":-2147024809,"ErrorMessage":"The parameter is incorrect.",
   * "ErrorEvents":[{"Message":"'vm1' failed to add device …","Provider":"…"}]}</pre>
   */
  private static Optional<String> reason(String document) {
    try {
      Map<String, Object> answer = JsonObject.parse(document.getBytes(StandardCharsets.UTF_8));
      Stream<Object> events =
          answer.get("ErrorEvents") instanceof List<?> list
              ? list.stream()
                  .filter(Map.class::isInstance)
                  .map(event -> ((Map<?, ?>) event).get("Message"))
              : Stream.empty();
      return Stream.concat(events, Stream.ofNullable(answer.get("ErrorMessage")))
          .filter(String.class::isInstance)
          .map(text -> text.toString().strip().replaceAll("\\s+", " "))
          .filter(text -> !text.isEmpty())
          .findFirst();
    } catch (InvalidDocument _) {
      return Optional.empty(); // the error code says everything known
    }
  }
}
