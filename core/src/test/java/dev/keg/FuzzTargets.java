package dev.keg;

import dev.keg.backup.archive.IndexFuzz;
import dev.keg.backup.extract.ZipFuzz;
import dev.keg.backup.repository.RecordsFuzz;
import dev.keg.backup.store.s3.XmlFuzz;
import dev.keg.backup.tar.TarFuzz;
import dev.keg.fixtures.fuzz.FuzzTarget;
import dev.keg.machine.qmp.QmpFuzz;
import dev.keg.mountspec.ComposeFuzz;
import dev.keg.mountspec.MountGrammarFuzz;
import dev.keg.moving.pass.WireFuzz;
import dev.keg.policy.PolicyFuzz;
import dev.keg.registry.DescriptionsFuzz;

/** All readers of external input in core. */
final class FuzzTargets {
  private FuzzTargets() {}

  static FuzzTarget[] all() {
    return new FuzzTarget[] {
      new TarFuzz(),
      new ZipFuzz(),
      new IndexFuzz(),
      new RecordsFuzz(),
      new XmlFuzz(),
      new MountGrammarFuzz(),
      new ComposeFuzz(),
      new DescriptionsFuzz(),
      new PolicyFuzz(),
      new QmpFuzz(),
      new WireFuzz()
    };
  }
}
