package dev.keg.backup.oci;

import dev.keg.json.JsonObject;
import dev.keg.volume.Volume;
import java.time.Instant;
import java.util.List;

/**
 * What other programs want to know of an image before they mount it.
 *
 * @param architecture as images name it, such as {@code amd64}: some programs mount no other
 */
public record ImageConfig(String architecture, String system, Instant created) {
  static final String CREATED = "org.opencontainers.image.created";
  static final String TITLE = "org.opencontainers.image.title";

  /** Describes the volume, so that one like it can be made. */
  static final String VOLUME = "dev.keg.volume";

  /** As Java names the machine. */
  public static String architecture(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }

  byte[] json(Volume volume, Digest plain) {
    return new JsonObject()
        .put("created", created.toString())
        .put("architecture", architecture)
        .put("os", system)
        .put("config", new JsonObject().put("Labels", volume.labels().map()))
        .put(
            "rootfs",
            new JsonObject().put("type", "layers").texts("diff_ids", List.of(plain.text())))
        .objects(
            "history",
            List.of(
                new JsonObject()
                    .put("created", created.toString())
                    .put("created_by", "keg push " + volume.name())))
        .bytes();
  }
}
