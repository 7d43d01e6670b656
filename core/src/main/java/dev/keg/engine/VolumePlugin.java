package dev.keg.engine;

import dev.keg.error.InvalidInput.InvalidRequest;
import dev.keg.error.RegistryException.Differs;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.json.JsonObject;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.ContainerId;
import dev.keg.volumeset.EngineAccess;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** The endpoints of Docker's protocol for volume plugins. */
public final class VolumePlugin {
  /** The requests after which Keg cleans up what engines left behind. */
  private static final Set<String> REAPING =
      Set.of(
          "/Plugin.Activate",
          "/VolumeDriver.Create",
          "/VolumeDriver.Remove",
          "/VolumeDriver.Mount",
          "/VolumeDriver.Unmount");

  private final VolumeRegistry registry;
  private final Volumes volumes;
  private final EngineAccess access;
  private boolean reaps;

  public VolumePlugin(VolumeRegistry registry, Volumes volumes, EngineAccess access) {
    this.registry = registry;
    this.volumes = volumes;
    this.access = access;
  }

  JsonObject answer(PluginRequest request) {
    JsonObject answer = work(request);
    reaps |= REAPING.contains(request.endpoint());
    return answer;
  }

  /** Call this when the engine has its answers: the remains may be on an unreachable server. */
  void reap() {
    if (reaps) {
      access.reap();
    }
  }

  /**
   * Undoes a request that the engine relies on only if it received the answer, which it did not.
   */
  void takeBack(PluginRequest request) {
    if (request.endpoint().equals("/VolumeDriver.Mount")) {
      try {
        access.takeBack(find(request).name());
      } catch (VolumeException e) {
        registry.warn("a mount that the engine does not know of may remain: " + e.getMessage());
      }
    }
  }

  private JsonObject work(PluginRequest request) {
    return switch (request.endpoint()) {
      case "/Plugin.Activate" -> activate();
      case "/VolumeDriver.Capabilities" ->
          new JsonObject().put("Capabilities", new JsonObject().put("Scope", "local"));
      case "/VolumeDriver.Create" -> create(request);
      case "/VolumeDriver.Remove" -> remove(find(request));
      case "/VolumeDriver.Mount" -> mount(find(request), id(request));
      case "/VolumeDriver.Unmount" -> unmount(find(request), id(request));
      case "/VolumeDriver.Path" -> place(visible(find(request)));
      case "/VolumeDriver.Get" -> get(find(request));
      case "/VolumeDriver.List" -> list();
      default -> throw new InvalidRequest("there is no endpoint " + request.endpoint());
    };
  }

  /** Names the root of these volumes: a Keg with the same root would wait for itself. */
  private JsonObject activate() {
    return new JsonObject()
        .texts("Implements", List.of("VolumeDriver"))
        .put("KegRoot", registry.layout().root().toAbsolutePath().toString());
  }

  /** Takes names literally: an engine looks up a name to learn whether it is free. */
  private Volume find(PluginRequest request) {
    String name = request.text("Name");
    return VolumeName.lookup(name)
        .filter(_ -> registry.openForReading())
        .flatMap(registry::find)
        .orElseThrow(() -> new NotFound("get", name));
  }

  private static ContainerId id(PluginRequest request) {
    return new ContainerId(request.text("ID"));
  }

  private JsonObject create(PluginRequest request) {
    VolumeName name = VolumeName.forNew("create", request.text("Name"));
    SortedMap<String, String> options = request.texts("Opts");
    CreateResult made = volumes.create(new EngineOptions(options).request(name));
    // Podman requests a volume that it does not know yet; without options, any existing one will
    // do.
    if (!options.isEmpty() && !made.differences().isEmpty()) {
      throw new Differs(name.text(), made.differences());
    }
    return done();
  }

  private JsonObject remove(Volume volume) {
    access.forget(volume.name());
    boolean removed =
        volumes.removeIf(
            volume.name(),
            Removal.Mode.NORMAL,
            now -> now.details().id().equals(volume.details().id()));
    if (!removed) {
      throw new NotFound("get", volume.name().text());
    }
    return done();
  }

  private JsonObject mount(Volume volume, ContainerId id) {
    return place(Optional.of(access.mount(volume.name(), id)));
  }

  private JsonObject unmount(Volume volume, ContainerId id) {
    access.release(volume.name(), id);
    return done();
  }

  private JsonObject get(Volume volume) {
    JsonObject description =
        new JsonObject()
            .put("Name", volume.name().text())
            .put("CreatedAt", volume.created().truncatedTo(ChronoUnit.SECONDS).toString());
    visible(volume).ifPresent(path -> description.put("Mountpoint", path.toString()));
    JsonObject status = new JsonObject().put("driver", volume.driver());
    if (!volume.labels().isEmpty()) {
      status.put("labels", volume.labels().map());
    }
    return done().put("Volume", description.put("Status", status));
  }

  private Optional<Path> visible(Volume volume) {
    return volumes.visible(volume.name());
  }

  /** Only names, since an engine requests a list to print it. */
  private JsonObject list() {
    return done()
        .objects(
            "Volumes",
            volumes.names().stream()
                .map(name -> new JsonObject().put("Name", name.text()))
                .toList());
  }

  private static JsonObject place(Optional<Path> path) {
    return done().put("Mountpoint", path.map(Path::toString).orElse(""));
  }

  private static JsonObject done() {
    return new JsonObject().put("Err", "");
  }
}
