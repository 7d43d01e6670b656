package dev.keg.windows.win32;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A running container, and the directories of the host that it sees. */
public final class FakeContainer {
  private final String run;
  private final SortedMap<String, String> mapped = new TreeMap<>();

  /** Called before a directory is mapped. */
  public Runnable beforeMapping = () -> {};

  /** Whether it has stopped, although somebody still has a handle to it. */
  public boolean stopped;

  FakeContainer(String run) {
    this.run = run;
  }

  /** Paths in the container, each with its source. */
  public SortedMap<String, String> mapped() {
    return mapped;
  }

  /** Maps a directory like another program. */
  public void map(String path, String source) {
    mapped.put(path, " = " + source);
  }

  public String run() {
    return run;
  }

  String properties(String id) {
    return new JsonObject()
        .put("Id", id)
        .put("SystemType", "Container")
        .put("RuntimeOsType", "Windows")
        .put("RuntimeId", run.toUpperCase(Locale.ROOT))
        .put("State", stopped ? "Stopped" : "Running")
        .line();
  }

  /** Returns a result, as an HRESULT. */
  int modify(String request) {
    try {
      Map<String, Object> members = JsonObject.parse(request.getBytes(StandardCharsets.UTF_8));
      if (!"Container/MappedDirectories".equals(members.get("ResourcePath"))
          || !(members.get("Settings") instanceof Map<?, ?> settings)) {
        return Win32Error.HCS_INVALID_JSON;
      }
      String path = String.valueOf(settings.get("ContainerPath"));
      if ("Remove".equals(members.get("RequestType"))) {
        return mapped.remove(path) == null ? 0x80070000 | Win32Error.NOT_FOUND : 0;
      }
      beforeMapping.run();
      String access = Boolean.TRUE.equals(settings.get("ReadOnly")) ? " (read-only)" : "";
      return mapped.putIfAbsent(path, " = " + settings.get("HostPath") + access) == null
          ? 0
          : 0x80070000 | Win32Error.FILE_EXISTS;
    } catch (InvalidDocument _) {
      return Win32Error.HCS_INVALID_JSON;
    }
  }
}
