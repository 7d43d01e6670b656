package dev.keg.cli.output;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.cli.output.table.Timestamps;
import dev.keg.cli.template.Struct;
import dev.keg.lifecycle.Overview;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import java.time.ZoneId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A volume as Keg's own document, with every field always present. The fields that docker lacks are
 * also available to templates.
 */
public record VolumeDocument(Overview overview, String mountpoint, @Nullable Usage usage) {
  /** The fields that docker lacks. */
  public static final List<String> OWN_FIELDS =
      List.of(
          "Description",
          "Format",
          "Holders",
          "Host",
          "Id",
          "LastUsedAt",
          "Path",
          "Pool",
          "Protected",
          "SizeBytes",
          "Snapshots",
          "Type",
          "UpdatedAt");

  /** All fields, sorted by their names. */
  public SortedMap<String, @Nullable Object> in(ZoneId zone) {
    Volume volume = overview.volume();
    SortedMap<String, @Nullable Object> fields = own(zone);
    fields.put("CreatedAt", Timestamps.seconds(volume.created(), zone));
    fields.put("Driver", volume.driver());
    fields.put("Labels", volume.labels().map());
    fields.put("Mountpoint", mountpoint);
    fields.put("Name", volume.name().text());
    fields.put("Options", volume.options().map());
    fields.put("Scope", overview.scope());
    fields.put("Status", overview.status().text());
    fields.put("UsedBytes", usage == null ? null : usage.size().bytes());
    return fields;
  }

  /** All fields, for {@link Inspector}. */
  public Struct structure(ZoneId zone) {
    return new Document(in(zone));
  }

  private record Document(SortedMap<String, @Nullable Object> fields) implements Struct {
    @Override
    public String type() {
      return "keg.Volume";
    }
  }

  /** The fields that docker lacks. */
  SortedMap<String, @Nullable Object> own(ZoneId zone) {
    VolumeDetails details = overview.volume().details();
    SortedMap<String, @Nullable Object> fields = new TreeMap<>();
    fields.put("Description", details.description());
    fields.put("Format", overview.storage().format());
    fields.put("Holders", overview.holders().stream().map(h -> holder(h, zone)).toList());
    fields.put("Host", host(details));
    fields.put("Id", details.id().text());
    fields.put(
        "LastUsedAt", overview.lastUsed().map(time -> Timestamps.seconds(time, zone)).orElse(null));
    fields.put("Path", overview.path().toString());
    fields.put("Pool", overview.pool());
    fields.put("Protected", overview.protection().text());
    fields.put("SizeBytes", overview.storage().capacity().map(Size::bytes).orElse(null));
    fields.put("Snapshots", overview.snapshots().stream().map(SnapshotName::text).toList());
    fields.put("Type", overview.storage().type());
    fields.put("UpdatedAt", Timestamps.seconds(details.updated(), zone));
    return fields;
  }

  private static SortedMap<String, Object> host(VolumeDetails details) {
    SortedMap<String, Object> host = new TreeMap<>();
    host.put("Id", details.host().id());
    host.put("Name", details.host().name());
    return host;
  }

  private static SortedMap<String, Object> holder(Attachment attachment, ZoneId zone) {
    SortedMap<String, Object> holder = new TreeMap<>();
    holder.put("Id", Attachments.id(attachment));
    holder.put("Mode", attachment.readOnly() ? "ro" : "rw");
    holder.put("Name", attachment.holder());
    holder.put("Since", Timestamps.seconds(attachment.since(), zone));
    switch (attachment) {
      case Attachment.Disk disk -> {
        holder.put("Kind", "machine");
        holder.put("Drive", disk.drive());
      }
      case Attachment.Mount mount -> {
        holder.put("Kind", mount.container().isEmpty() ? "mount" : "container");
        holder.put("Target", mount.target());
      }
    }
    return holder;
  }

  /** One of Keg's own fields in a table. */
  String text(String field, ZoneId zone) {
    return switch (field) {
      case "Holders" ->
          String.join(",", overview.holders().stream().map(Attachment::holder).toList());
      case "Snapshots" ->
          String.join(",", overview.snapshots().stream().map(SnapshotName::text).toList());
      case "Host" -> overview.volume().details().host().name();
      default -> {
        Object value = own(zone).get(field);
        yield value == null ? "N/A" : value.toString();
      }
    };
  }
}
