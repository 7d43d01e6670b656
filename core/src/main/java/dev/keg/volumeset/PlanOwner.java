package dev.keg.volumeset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** Whose mounts a plan holds. */
sealed interface PlanOwner {
  /** All mounts of a container. */
  record Container(ContainerId id) implements PlanOwner {}

  /** One mount that somebody made by hand, known by where it is. */
  record Hand(Path site) implements PlanOwner {}

  static PlanOwner of(String container, Path site) {
    return container.isEmpty() ? new Hand(site) : new Container(new ContainerId(container));
  }

  /** Empty for a mount made by hand, which is what its record says too. */
  default String container() {
    return switch (this) {
      case Container(var id) -> id.text();
      case Hand _ -> "";
    };
  }

  /** What the plan is kept and locked under; an at sign begins no container's name. */
  default String key() {
    return switch (this) {
      case Container(var id) -> id.text();
      case Hand(var site) ->
          "@" + UUID.nameUUIDFromBytes(site.toString().getBytes(StandardCharsets.UTF_8));
    };
  }
}
