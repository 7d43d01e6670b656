package dev.keg.registry.shared;

import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.registry.Catalog.Elsewhere;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The holders of volumes. A holder on this host is in the record before its file is written, and as
 * long as the file exists.
 */
final class Holding {
  private final Member member;
  private final SharedRecords records;
  private final Settling settling;

  Holding(Member member, SharedRecords records, Settling settling) {
    this.member = member;
    this.records = records;
    this.settling = settling;
  }

  /** Refuses a volume that another host holds. */
  void requireFree(String operation, VolumeName name, SharedVolume found) {
    refuse(operation, name, found, _ -> true);
  }

  private void refuse(
      String operation, VolumeName name, SharedVolume found, Predicate<Holder> conflicting) {
    List<Holder> others =
        found.holders().stream()
            .filter(holder -> !holder.host().equals(member.host()))
            .filter(conflicting)
            .toList();
    if (!others.isEmpty()) {
      throw new InUse(
          operation,
          name.text(),
          others.stream().map(Holder::words).toList(),
          others.stream().map(holder -> "on host " + holder.hostName()).distinct().toList());
    }
  }

  List<Elsewhere> elsewhere(VolumeName name) {
    return records.find(name).map(SharedVolume::holders).orElse(List.of()).stream()
        .filter(holder -> !holder.host().equals(member.host()))
        .map(holder -> new Elsewhere(holder.hostName(), holder.document()))
        .toList();
  }

  void changing(VolumeName name) {
    settling.requirePart();
    // If a change is pending, settling it also updates the holders.
    if (settling.pending().find(name).isEmpty()) {
      settling.pending().begin(name, Pending.Kind.HOLDERS, "");
    }
  }

  void hold(VolumeName name, String file, byte[] document) {
    Holder holder =
        new Holder(
            member.host(),
            member.hostName(),
            file,
            new String(document, StandardCharsets.UTF_8).strip());
    Optional<SharedVolume> meant = records.find(name);
    try {
      records.edit(
          "mount",
          name,
          now -> {
            if (!now.isReady() || meant.filter(read -> now.isSame(read.volume())).isEmpty()) {
              throw new NotFound("mount", name.text());
            }
            refuse("mount", name, now, holder::excludes);
            return now.with(Settling.replaced(now.holders(), holder));
          });
    } catch (InUse | NotFound e) {
      held(name);
      throw e;
    }
  }

  void held(VolumeName name) {
    if (settling
        .pending()
        .find(name)
        .filter(change -> change.kind() == Pending.Kind.HOLDERS)
        .isPresent()) {
      settling.pending().end(name);
    }
  }

  void released(VolumeName name) {
    try {
      settling.settle(name);
    } catch (CutOff | StoreRefused e) {
      member.warn(
          "the shared registry still lists what was released here, until this host reaches it: "
              + e.getMessage());
    }
  }
}
