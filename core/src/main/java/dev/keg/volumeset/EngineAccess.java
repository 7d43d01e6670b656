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
 * Volumes for engines, which mount the data into containers by themselves, from where the driver
 * makes it visible. Their ids are no proof of use: {@code docker cp} ends one that a running
 * container still needs, and one of an engine that was killed never ends. So the data stays visible
 * while an id holds it or any mount namespace has it mounted.
 */
public final class EngineAccess {
  /** Holds the volume for containers that run although their ids have ended. */
  private static final String RUNNING = "keg.engine";

  /** An engine waits no longer than this for a mount: then it has used it or given up. */
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
   * @param engine its process, if that asks for each start of a container anew, so that what it
   *     asked for is void once it has ended; podman's commands end, and podman keeps count
   */
  public EngineAccess(MountContext context, DataAccess data, Supplier<Optional<String>> engine) {
    this.engine = engine;
    this.context = context;
    this.data = data;
    this.registry = context.registry();
    this.holds = new Holds(context);
  }

  /** Makes the data visible and returns its path; the id holds the volume until its release. */
  public Path mount(VolumeName name, ContainerId id) {
    mounted = null;
    return data.reveal(name.text(), id.text(), this::asked);
  }

  private Attachment.Mount asked(Attachment.Mount hold) {
    mounted = hold.askedBy(engine.get());
    return mounted;
  }

  /**
   * Takes the last {@link #mount} back, of which the engine has not heard because it was killed;
   * not if the same was asked for again since.
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
   * Ends the id's hold, and unmounts the data if nobody needs it any more. Other ids keep theirs,
   * however old: podman mounts once and lets a container start again, and between two starts no
   * mount namespace has the data.
   */
  public void release(VolumeName name, ContainerId id) {
    Optional<Path> mountpoint = holds.mountpoint(registry.get("unmount", name));
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
      } // Else the next engine may have taken the same hold meanwhile.
    }
  }

  private Attachment.Mount running(VolumeName name, Optional<String> asking) {
    Path mountpoint = holds.mountpoint(registry.get("unmount", name)).orElseThrow();
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

  /** Ends the id's hold on every volume, for an operator; a container that runs keeps it. */
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
   * Ends the holds that a killed engine has left behind, because an engine says that nobody uses
   * the volume; those of containers that another engine may be starting stay.
   */
  public void forget(VolumeName name) {
    Volume volume = registry.get("remove", name);
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
   * Ends what engines have left behind that ended without a word, of all volumes. What is in use or
   * fails is left to the next command.
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

  /** The holds of engines: what Keg mounts for a container is at a place outside the registry. */
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
