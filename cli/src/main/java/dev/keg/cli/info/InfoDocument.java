package dev.keg.cli.info;

import dev.keg.backup.replica.KnownRepositories.Known;
import dev.keg.driver.DriverFactory;
import dev.keg.platform.SystemInfo.Program;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@link Info} for programs; unknown facts are null. */
final class InfoDocument {
  private InfoDocument() {}

  static SortedMap<String, @Nullable Object> of(Info info) {
    SortedMap<String, @Nullable Object> fields = new TreeMap<>();
    fields.put("Drivers", info.drivers().stream().map(InfoDocument::driver).toList());
    fields.put("Environment", info.environment());
    fields.put("FileSystems", info.system().fileSystems().orElse(null));
    fields.put("HostId", info.hostId());
    fields.put("HostName", info.hostName());
    fields.put("Kernel", info.system().kernel());
    fields.put("Problems", info.problems());
    fields.put("Programs", info.system().programs().stream().map(InfoDocument::program).toList());
    fields.put("Repositories", info.repositories().stream().map(InfoDocument::repository).toList());
    fields.put("Root", info.root());
    fields.put("System", info.system().release());
    fields.put("Version", info.version());
    fields.put("Volumes", info.volumes().orElse(null));
    return fields;
  }

  private static SortedMap<String, @Nullable Object> driver(DriverFactory driver) {
    SortedMap<String, @Nullable Object> fields = new TreeMap<>();
    fields.put("Name", driver.name());
    fields.put("Unavailable", driver.unmountable().orElse(null));
    return fields;
  }

  private static SortedMap<String, Object> program(Program program) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("Installed", program.installed());
    fields.put("Name", program.name());
    fields.put("Package", program.source());
    return fields;
  }

  private static SortedMap<String, Object> repository(Known known) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("Location", known.location());
    fields.put("Trusted", known.trusted());
    return fields;
  }
}
