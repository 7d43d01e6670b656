/**
 * A repository's objects in a bucket of any store that speaks S3: requests signed by version 4 over
 * the JDK's HTTP client, large objects in parts that are sent again one by one. Depends on {@code
 * store} and the JDK; credentials come from where the AWS tools look for them. No secret is in any
 * message.
 */
@NullMarked
package dev.keg.backup.store.s3;

import org.jspecify.annotations.NullMarked;
