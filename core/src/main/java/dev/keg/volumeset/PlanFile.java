package dev.keg.volumeset;

import dev.keg.attachment.MountIdentity;
import dev.keg.error.InvalidInput;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.PlannedMount.Source;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A plan as a file:
 *
 * <pre>{"schema":1,"boot":"…","container":"web1","host":"…","site":"","steps":[
 * {"done":true,"from":"db","kind":"volume","made":["/r/data"],"readOnly":false,
 * "since":"2026-11-20T10:00:55Z","site":"/r/data","target":"/data"}]}</pre>
 *
 * The kinds are volume, bind and tmpfs. The plan of a mount made by hand has a site instead of a
 * container. A finished step may identify its mount:
 *
 * <pre>"device":"254:0","id":42,"root":"/r/data","unique":4294967311</pre>
 */
final class PlanFile {
  private static final long SCHEMA = 1;

  private PlanFile() {}

  static byte[] write(MountPlan plan) {
    String site = plan.owner() instanceof PlanOwner.Hand(var path) ? path.toString() : "";
    return JsonObject.ofSchema(SCHEMA)
        .put("boot", plan.boot())
        .put("container", plan.owner().container())
        .put("host", plan.host())
        .put("site", site)
        .objects("steps", plan.steps().stream().map(PlanFile::json).toList())
        .bytes();
  }

  private static JsonObject json(PlannedMount step) {
    JsonObject json =
        new JsonObject()
            .put("done", step.done())
            .put("from", from(step.source()))
            .put("kind", kind(step.source()))
            .texts("made", step.made().stream().map(Path::toString).toList())
            .put("readOnly", step.readOnly())
            .put("since", step.since().toString())
            .put("site", step.site().map(Path::toString).orElse(""))
            .put("target", step.target());
    step.identity()
        .ifPresent(
            mount ->
                json.put("device", mount.device())
                    .put("id", mount.id())
                    .put("root", mount.root())
                    .put("unique", mount.unique()));
    return json;
  }

  static String kind(Source source) {
    return switch (source) {
      case Source.OfVolume _ -> "volume";
      case Source.OfHost _ -> "bind";
      case Source.OfMemory _ -> "tmpfs";
    };
  }

  static String from(Source source) {
    return switch (source) {
      case Source.OfVolume(var name) -> name.text();
      case Source.OfHost(var path) -> path;
      case Source.OfMemory _ -> "tmpfs";
    };
  }

  static MountPlan read(Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      PlanOwner owner = PlanOwner.of(json.text("container"), path(file, json.text("site")));
      List<PlannedMount> steps = new ArrayList<>();
      for (JsonDocument step : json.documents("steps")) {
        steps.add(step(file, step));
      }
      MountPlan plan = new MountPlan(owner, json.text("host"), json.text("boot"), steps);
      json.end();
      return plan;
    } catch (InvalidDocument
        | DateTimeException
        | InvalidPathException
        | InvalidInput.InvalidName
        | InvalidInput.InvalidSpec e) {
      throw new Damaged(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static PlannedMount step(Path file, JsonDocument json) throws InvalidDocument {
    List<Path> made = json.texts("made").stream().map(text -> path(file, text)).toList();
    PlannedMount step =
        new PlannedMount(
            source(json.text("kind"), json.text("from")),
            json.text("target"),
            json.truth("readOnly"),
            Instant.parse(json.text("since")),
            Optional.of(json.text("site"))
                .filter(text -> !text.isEmpty())
                .map(text -> path(file, text))
                .orElse(null),
            made,
            json.truth("done"),
            mount(json));
    json.end();
    return step;
  }

  private static @Nullable MountIdentity mount(JsonDocument json) throws InvalidDocument {
    return json.has("id")
        ? new MountIdentity(
            json.number("id"), json.number("unique"), json.text("device"), json.text("root"))
        : null;
  }

  private static Source source(String kind, String from) throws InvalidDocument {
    return switch (kind) {
      case "volume" -> new Source.OfVolume(new VolumeName(from));
      case "bind" -> new Source.OfHost(from);
      case "tmpfs" -> new Source.OfMemory();
      default -> throw new InvalidDocument("unknown kind \"" + kind + "\"");
    };
  }

  private static Path path(Path file, String text) {
    return file.getFileSystem().getPath(text);
  }
}
