package dev.keg.volumeset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** The owner of a plan's mounts. */
sealed interface PlanOwner {
  /** All mounts of a container. */
  record Container(ContainerId id) implements PlanOwner {}

  /** One mount made by hand, identified by its site. */
  record Hand(Path site) implements PlanOwner {}

  static PlanOwner of(String container, Path site) {
    return container.isEmpty() ? new Hand(site) : new Container(new ContainerId(container));
  }

  /** The container; empty for a mount made by hand, as in its record. */
  default String container() {
    return switch (this) {
      case Container(var id) -> id.text();
      case Hand _ -> "";
    };
  }

  /** The key for the plan's file and lock; no container's name begins with an at sign. */
  default String key() {
    return switch (this) {
      case Container(var id) -> id.text();
      case Hand(var site) ->
          "@" + UUID.nameUUIDFromBytes(site.toString().getBytes(StandardCharsets.UTF_8));
    };
  }
}
