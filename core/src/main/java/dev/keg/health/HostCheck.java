package dev.keg.health;

import dev.keg.error.VolumeException;
import dev.keg.registry.shared.Hosts.HostEntry;
import dev.keg.registry.shared.SharedRegistry;
import java.util.List;

/** Checks whether the other hosts of a shared registry that hold or have something still run. */
record HostCheck(SharedRegistry registry) {
  List<Finding> look() {
    try {
      return registry.hosts().silent().stream().map(HostCheck::lost).toList();
    } catch (VolumeException e) {
      return List.of(
          new Finding(
                  registry.address(),
                  String.valueOf(e.getMessage()),
                  "no host can create, mount or remove a volume",
                  e.hint().orElse("bring the store back"))
              .critical());
    }
  }

  private static Finding lost(HostEntry host) {
    return new Finding(
        "host " + host.name(),
        "its last `keg host beat` was at %s; it has %d volumes and holds %d"
            .formatted(host.seen().orElseThrow(), host.volumes(), host.holders()),
        "what it holds stays in use, and the volumes on it cannot be used",
        "let a timer run `keg host beat` there; if it is gone: keg host rm --fenced-by COMMAND "
            + host.name());
  }
}
