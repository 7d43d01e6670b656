package dev.keg.attachment;

import dev.keg.attachment.Attachment.Placement;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.Catalog.Elsewhere;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The file of an attachment of a volume:
 *
 * <pre>{"schema":1,"kind":"mount","boot":"…","container":"web1","exclusive":false,"host":"…",
 * "readOnly":false,"since":"2026-11-20T10:00:55Z","target":"/srv/web"}
 * {"schema":1,"kind":"mount",…,"container":"6f2a…","engine":"pid:[4026531836] 812 35214",…}
 * {"schema":1,"kind":"disk","drive":"vdb","machine":"vm7","readOnly":false,"since":"…",
 * "files":["…"],"slot":1}</pre>
 */
final class AttachmentFile {
  private static final long SCHEMA = 1;

  private AttachmentFile() {}

  static String name(Attachment attachment) {
    return id(attachment) + ".json";
  }

  /** The id of a hold; the same holder at the same place always has the same id. */
  static UUID id(Attachment attachment) {
    String identity =
        switch (attachment) {
          case Attachment.Mount mount ->
              "mount\0" + mount.host() + "\0" + mount.container() + "\0" + mount.target();
          case Attachment.Disk disk -> "disk\0" + disk.machine();
        };
    return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] write(Attachment attachment) {
    JsonObject json = JsonObject.ofSchema(SCHEMA);
    return switch (attachment) {
      case Attachment.Mount mount -> {
        json.put("kind", "mount").put("boot", mount.boot()).put("container", mount.container());
        mount.engine().ifPresent(engine -> json.put("engine", engine));
        yield json.put("exclusive", mount.exclusive())
            .put("host", mount.host())
            .put("readOnly", mount.readOnly())
            .put("since", mount.since().toString())
            .put("target", mount.target())
            .bytes();
      }
      case Attachment.Disk disk -> {
        json.put("kind", "disk")
            .put("drive", disk.drive())
            .put("machine", disk.machine())
            .put("readOnly", disk.readOnly())
            .put("since", disk.since().toString());
        disk.placement()
            .ifPresent(
                placement -> json.texts("files", placement.files()).put("slot", placement.slot()));
        yield json.bytes();
      }
    };
  }

  static Attachment read(VolumeName volume, Path file, byte[] content) {
    return read(volume, file.toString(), content);
  }

  private static Attachment read(VolumeName volume, String file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      Attachment attachment = read(json);
      json.end();
      return attachment;
    } catch (InvalidDocument | DateTimeException e) {
      throw new Damaged(volume.text(), file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * A holder on another host; its name includes the host, since this host may have a holder of the
   * same name.
   */
  static Attachment elsewhere(VolumeName volume, Elsewhere holder) {
    String where = " on host " + holder.host();
    return switch (read(
        volume, "the holder" + where, holder.document().getBytes(StandardCharsets.UTF_8))) {
      case Attachment.Mount mount ->
          new Attachment.Mount(
              mount.container().isEmpty() ? "" : mount.container() + where,
              mount.target() + where,
              mount.readOnly(),
              mount.exclusive(),
              mount.since(),
              mount.host(),
              mount.boot());
      case Attachment.Disk disk ->
          new Attachment.Disk(disk.machine() + where, disk.drive(), disk.readOnly(), disk.since());
    };
  }

  private static Attachment read(JsonDocument json) throws InvalidDocument {
    String kind = json.text("kind");
    boolean readOnly = json.truth("readOnly");
    Instant since = Instant.parse(json.text("since"));
    return switch (kind) {
      case "mount" ->
          new Attachment.Mount(
              json.text("container"),
              json.text("target"),
              readOnly,
              json.truth("exclusive"),
              since,
              json.text("host"),
              json.text("boot"),
              json.optionalText("engine"));
      case "disk" ->
          new Attachment.Disk(
              json.text("machine"), json.text("drive"), readOnly, since, placement(json));
      default -> throw new InvalidDocument("unknown kind \"" + kind + "\"");
    };
  }

  private static Optional<Placement> placement(JsonDocument json) throws InvalidDocument {
    return json.has("slot")
        ? Optional.of(new Placement((int) json.number("slot"), json.texts("files")))
        : Optional.empty();
  }
}
