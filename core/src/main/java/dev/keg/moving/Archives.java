package dev.keg.moving;

import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.repository.BackupRecord.Origin;
import java.util.function.Consumer;

/**
 * What volumes in archives are saved with.
 *
 * @param debug hears of what matters to nobody else
 */
public record Archives(
    Repositories repositories,
    KnownRepositories known,
    Origin origin,
    int threads,
    Consumer<String> debug) {}
