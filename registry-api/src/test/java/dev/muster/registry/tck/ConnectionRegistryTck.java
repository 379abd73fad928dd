package dev.muster.registry.tck;

import org.junit.jupiter.api.Nested;

/**
 * The whole contract. A registry's module extends it with a class that returns its fixture; the rules then show up as
 * test names, subject by subject. {@code docs/writing-a-registry.md} walks through it.
 */
public abstract class ConnectionRegistryTck {

    /** A fresh fixture for one test; the kit closes it. */
    protected abstract RegistryFixture newFixture() throws Exception;

    @Nested
    class Lifecycle extends LifecycleTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Directory extends DirectoryTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Membership extends MembershipTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Names extends NamesTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Publishing extends PublishingTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Log extends LogTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Entries extends EntriesTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Fast extends FastTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class IdleGroups extends IdleGroupsTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Crash extends CrashTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Outage extends OutageTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Feed extends FeedTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class History extends HistoryTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Epochs extends EpochsTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class LongTimes extends LongTimesTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }

    @Nested
    class Freeze extends FreezeTck {
        @Override
        protected RegistryFixture newFixture() throws Exception {
            return ConnectionRegistryTck.this.newFixture();
        }
    }
}
