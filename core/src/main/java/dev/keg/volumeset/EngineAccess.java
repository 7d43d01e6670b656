package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.error.VolumeException;
import dev.keg.registry.RegistryLock.Held;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Volumes for engines, which mount the data into containers themselves, from where the driver makes
 * it visible. Their ids do not prove use: {@code docker cp} releases an id that a running container
 * still needs, and the id of a killed engine is never released. So the data stays visible while an
 * id holds it or any mount namespace has it mounted.
 */
public final class EngineAccess {
  /** Holds the volume for running containers whose ids were released. */
  private static final String RUNNING = "keg.engine";

  /** How long an engine waits for a mount: after that, it has used it or given up. */
  private static final Duration START = Duration.ofMinutes(2);

  private final MountContext context;
  private final DataAccess data;
  private final VolumeRegistry registry;
  private final Holds holds;
  private final Supplier<Optional<String>> engine;
  private Attachment.@Nullable Mount mounted;

  /** For an operator. */
  public EngineAccess(MountContext context, DataAccess data) {
    this(context, data, Optional::empty);
  }

  /**
   * For an engine.
   *
   * @param engine its process, if that repeats its request at each start of a container, so that
   *     the request is void once the process has ended; podman's commands end, and podman counts
   *     mounts itself
   */
  public EngineAccess(MountContext context, DataAccess data, Supplier<Optional<String>> engine) {
    this.engine = engine;
    this.context = context;
    this.data = data;
    this.registry = context.registry();
    this.holds = new Holds(context);
  }

  /** Makes the data visible and returns its path; the id holds the volume until it is released. */
  public Path mount(VolumeName name, ContainerId id) {
    mounted = null;
    return data.reveal(name.text(), id.text(), this::asked);
  }

  private Attachment.Mount asked(Attachment.Mount hold) {
    mounted = hold.askedBy(engine.get());
    return mounted;
  }

  /**
   * Reverts the last {@link #mount} if the engine was killed before it received the answer; not if
   * the same request was repeated since.
   */
  public void takeBack(VolumeName name) {
    Attachment.Mount unheard = mounted;
    if (unheard != null) {
      try (var _ = registry.lock().lock(name)) {
        if (context.attachments().recorded(name).contains(unheard)) {
          end(name, unheard, running(name, unheard.engine()));
        }
      }
    }
  }

  /**
   * Releases the id's hold, and unmounts the data if nobody needs it any more. Other ids keep
   * theirs, however old: podman mounts once and lets a container restart, and between two starts no
   * mount namespace has the data.
   */
  public void release(VolumeName name, ContainerId id) {
    Optional<Path> mountpoint = holds.mountpoint(registry.ids().describe("unmount", name));
    if (mountpoint.isEmpty()) {
      return;
    }
    registry.openForWriting();
    Attachment.Mount own = data.holder(mountpoint.get(), id.text());
    Optional<String> asking = engine.get();
    try (var _ = registry.lock().lock(name)) {
      holds.endLeftBehind(name);
      if (asking.filter(context.system()::hasEnded).isEmpty()) {
        end(name, own, running(name, asking));
      } // otherwise the next engine may have taken the same hold meanwhile
    }
  }

  private Attachment.Mount running(VolumeName name, Optional<String> asking) {
    Path mountpoint = holds.mountpoint(registry.ids().describe("unmount", name)).orElseThrow();
    return data.holder(mountpoint, RUNNING).askedBy(asking);
  }

  private void end(VolumeName name, Attachment.Mount own, Attachment.Mount running) {
    boolean isLast = holds(name).stream().allMatch(own::isSameHold);
    boolean runs = isLast && isInContainersStill(name);
    if (runs) {
      context.attachments().add(name, running);
    }
    if (!own.isSameHold(running)) {
      holds.release(name, own, false);
    }
    if (!runs && !isInContainers(name)) {
      holds.release(name, running, false);
    }
  }

  /** Releases the id's hold on every volume, for an operator; a running container keeps it. */
  public void release(ContainerId id) {
    if (!registry.openForReading()) {
      return;
    }
    for (VolumeName name : registry.names()) {
      if (holds(name).stream().anyMatch(hold -> hold.container().equals(id.text()))) {
        context.services().conflicts().refuseStrays("unmount", name);
        release(name, id);
      }
    }
  }

  /**
   * Releases the holds that a killed engine left, because an engine reports that nobody uses the
   * volume; keeps those of containers that another engine may be starting. Called before the volume
   * is removed.
   */
  public void forget(VolumeName name) {
    Volume volume = registry.get("remove", name);
    context.services().takeBackUnfinished(name);
    if (holds.mountpoint(volume).isEmpty()) {
      return;
    }
    registry.openForWriting();
    try (var _ = registry.lock().lock(name)) {
      if (isInContainersStill(name)) {
        return;
      }
      Instant old = context.services().clock().instant().minus(START);
      for (Attachment.Mount hold : holds(name)) {
        if (hold.container().equals(RUNNING) || hold.since().isBefore(old)) {
          holds.release(name, hold, false);
        }
      }
    }
  }

  /**
   * Releases, for all volumes, what engines left behind that ended without releasing it. Anything
   * in use, and failures, are left to the next command.
   */
  public void reap() {
    if (!registry.openForReading()) {
      return;
    }
    context.attachments().mounts().inside().keySet().forEach(this::reap);
  }

  private void reap(VolumeName name) {
    try {
      if (!context.attachments().leftBehind(name).isEmpty()) {
        registry.openForWriting();
        registry.lock().tryLock(name).ifPresent(lock -> reap(name, lock));
      }
    } catch (VolumeException e) {
      registry.warn(
          "%s is still mounted for an engine that has ended: %s".formatted(name, e.getMessage()));
    }
  }

  private void reap(VolumeName name, Held lock) {
    try (lock) {
      holds.endLeftBehind(name);
    }
  }

  /** The holds of engines; mounts that Keg makes for a container are outside the registry. */
  private List<Attachment.Mount> holds(VolumeName name) {
    Path volumes = DataAccess.real(registry.layout().volumes(name));
    return context.attachments().recorded(name).stream()
        .filter(Attachment.Mount.class::isInstance)
        .map(Attachment.Mount.class::cast)
        .filter(mount -> !mount.container().isEmpty())
        .filter(mount -> mount.host().equals(context.system().hostId()))
        .filter(mount -> volumes.getFileSystem().getPath(mount.target()).startsWith(volumes))
        .toList();
  }

  private boolean isInContainers(VolumeName name) {
    return !context.attachments().strays(name, Reach.EVERYWHERE).isEmpty();
  }

  private boolean isInContainersStill(VolumeName name) {
    return !context.attachments().lastingStrays(name).isEmpty();
  }
}
