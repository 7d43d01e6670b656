package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.RegistryLock.Held;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountListing.Entry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Cleans up after killed commands and reboots. */
public final class Leftovers {
  private final MountContext context;
  private final VolumeSets sets;
  private final Attachments attachments;
  private final Holds holds;
  private final Path root;

  public Leftovers(MountContext context, VolumeSets sets) {
    this.context = context;
    this.sets = sets;
    this.attachments = context.attachments();
    this.holds = new Holds(context);
    this.root = context.registry().layout().root();
  }

  /** Unmounts a volume that nobody holds. */
  public void settle(VolumeName name) {
    holds.settle(name, false);
  }

  /** The records of mounts that are gone, except those that a command is about to remove. */
  public List<Entry> stale() {
    List<Entry> found = stale(MountListing.of(context));
    Set<Entry> free = new HashSet<>();
    Deque<Held> locks = new ArrayDeque<>();
    try {
      for (Entry entry : found) {
        if (tryLock(entry, locks)) {
          free.add(entry);
        }
      }
      free.retainAll(stale(MountListing.of(context)));
    } finally {
      locks.forEach(Held::close);
    }
    return found.stream().filter(free::contains).toList();
  }

  private static List<Entry> stale(MountListing listing) {
    return listing.entries().stream().filter(entry -> entry.state() == Entry.State.STALE).toList();
  }

  /**
   * Takes the locks of a mount's owner and volume, under which commands change a mount and its
   * record.
   */
  private boolean tryLock(Entry entry, Deque<Held> locks) {
    RegistryLock lock = context.registry().lock();
    List<Optional<Held>> both = new ArrayList<>();
    both.add(lock.tryLockContainer(owner(entry).key()));
    VolumeName.lookup(entry.source()).map(lock::tryLock).ifPresent(both::add);
    both.forEach(held -> held.ifPresent(locks::push));
    return both.stream().allMatch(Optional::isPresent);
  }

  private PlanOwner owner(Entry entry) {
    return PlanOwner.of(entry.container(), root.resolve(entry.target()));
  }

  /** Removes the record of a mount that is gone. */
  public void forget(Entry entry) {
    Path site = root.resolve(entry.target());
    if (!sets.tearDown(owner(entry), plan -> madeAt(plan, site), false)) {
      // Without a plan, only the volume has a record.
      VolumeName.lookup(entry.source()).ifPresent(name -> forget(name, entry.target()));
    }
  }

  private static List<PlannedMount> madeAt(MountPlan plan, Path site) {
    return plan.steps().stream()
        .filter(step -> step.site().filter(site::equals).isPresent())
        .toList();
  }

  private void forget(VolumeName name, String target) {
    for (Attachment holder : attachments.recorded(name)) {
      if (holder instanceof Attachment.Mount mount
          && mount.target().equals(target)
          && !attachments.isCurrent(mount)) {
        holds.release(name, mount, false);
      }
    }
  }
}
