package dev.keg.registry.shared;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.RegistryException.NotAccepted;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.registry.Catalog;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;

/**
 * How far this host trusts a record. Anybody who can write to the store can write any record, so
 * root mounts a volume here only with the driver and options in this host's own file: the host
 * created the volume, or somebody has created it here, too, with the same ones. Only options that
 * refer to nothing but a server need no file. Automatic work on data uses the labels and protection
 * in that file, and only for volumes that this host created.
 */
public final class Acceptance {
  private final Member member;
  private final Catalog local;
  private final Acceptable acceptable;

  Acceptance(Member member, Catalog local, Acceptable acceptable) {
    this.member = member;
    this.local = local;
    this.acceptable = acceptable;
  }

  /** This host's knowledge of drivers. */
  @FunctionalInterface
  public interface Acceptable {
    /** Whether a volume that another host defined may be mounted, given the one accepted before. */
    boolean test(Volume volume, Optional<Volume> accepted);
  }

  /** The volume as this host would use it. */
  Volume volume(SharedVolume found) {
    Volume recorded = found.volume();
    Optional<Volume> own = own(found);
    if (found.isEverywhere()) {
      boolean moreRecent =
          own.isEmpty()
              || (own.get().driver().equals(recorded.driver()) && acceptable.test(recorded, own));
      return moreRecent ? recorded : recorded.drivenAs(own.get());
    }
    if (isHome(found)) {
      return recorded.drivenAs(own.orElseGet(() -> plain(recorded)));
    }
    // A volume that this host created is still here even if a record names another host.
    return own.map(recorded::drivenAs).orElse(recorded);
  }

  /**
   * The volume as this host created it, with labels given on this host, protected if this host or
   * the record says so.
   */
  Optional<Volume> made(Volume recorded) {
    Optional<Volume> own;
    try {
      own = own(recorded);
    } catch (Foreign | Damaged _) {
      return Optional.empty(); // one record must not keep the others from due work
    }
    return own.filter(made -> !isOnServer(made) || isOfThisHost(made))
        .map(
            made ->
                made.withProtection(
                    made.details().protection().longer(recorded.details().protection())));
  }

  private boolean isOnServer(Volume own) {
    return Files.exists(member.layout().onServer(member.home(own.name())), NOFOLLOW_LINKS);
  }

  private boolean isOfThisHost(Volume volume) {
    Host host = volume.details().host();
    return host.isCalled(member.host()) || host.isCalled(member.hostName());
  }

  /**
   * The note about a volume that this host mounts: only driver and options. The rest was not set on
   * this host, nor did this host create it.
   */
  Volume noted(Volume recorded) {
    VolumeDetails details = recorded.details();
    Host host = isOfThisHost(recorded) ? Host.UNKNOWN : details.host();
    return recorded
        .withLabels(Labels.NONE)
        .withDetails(
            new VolumeDetails(details.id(), "", details.updated(), host, Protection.none()));
  }

  /** Whether this host can access the data and accepts the options. */
  boolean isHere(SharedVolume found) {
    return isHome(found)
        || (found.isEverywhere()
            && (own(found).isPresent() || acceptable.test(found.volume(), Optional.empty())));
  }

  /** Refuses a volume that is not here. */
  void requireHere(String operation, SharedVolume found) {
    if (!isHere(found)) {
      Volume volume = found.volume();
      String host = volume.details().host().name();
      throw found.isEverywhere()
          ? new NotAccepted(operation, volume.name().text(), host)
          : new OnOtherHost(operation, volume.name().text(), host);
    }
  }

  /** Whether the data is on this host. */
  boolean isHome(SharedVolume found) {
    return found.home().equals(member.host());
  }

  /** This host's file about the volume. */
  Optional<Volume> own(Volume recorded) {
    return local
        .find(recorded.name())
        .filter(volume -> volume.details().id().equals(recorded.details().id()));
  }

  private Optional<Volume> own(SharedVolume found) {
    try {
      return own(found.volume());
    } catch (Foreign _) {
      return Optional.empty(); // a directory without a description says nothing about a volume
    } catch (Damaged e) {
      if (isHome(found) || found.isEverywhere()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  // For a volume that this host never created, at most an empty directory exists, whatever the
  // record says.
  private static Volume plain(Volume recorded) {
    return new Volume(
        recorded.name(), Volume.DEFAULT_DRIVER, Options.NONE, Labels.NONE, Instant.EPOCH);
  }
}
