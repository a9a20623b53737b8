CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"action" text NOT NULL,
	"subject" text,
	"detail" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"family" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"role" text DEFAULT 'user' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bot_commands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"shard" integer NOT NULL,
	"command" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bot_events" (
	"shard" integer NOT NULL,
	"seq" bigint NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"at" bigint NOT NULL,
	"happening" jsonb NOT NULL,
	CONSTRAINT "bot_events_shard_seq_pk" PRIMARY KEY("shard","seq")
);
--> statement-breakpoint
CREATE TABLE "bot_shards" (
	"shard" integer PRIMARY KEY NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"signal_cursor" bigint DEFAULT 0 NOT NULL,
	"token_cursor" bigint DEFAULT 0 NOT NULL,
	"event_seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"venue" text NOT NULL,
	"instruments" text[] NOT NULL,
	"strategy_name" text NOT NULL,
	"strategy_source" text NOT NULL,
	"rule_key" text NOT NULL,
	"mode" text NOT NULL,
	"stake" jsonb NOT NULL,
	"exit_plan" jsonb NOT NULL,
	"risk" jsonb NOT NULL,
	"state" text NOT NULL,
	"legacy" boolean DEFAULT false NOT NULL,
	"shard" integer NOT NULL,
	"cash" numeric NOT NULL,
	"initial_cash" numeric NOT NULL,
	"signals_received" bigint DEFAULT 0 NOT NULL,
	"started_at" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "completed_trades" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"quantity" numeric NOT NULL,
	"entry_price" numeric NOT NULL,
	"exit_price" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"proceeds" numeric NOT NULL,
	"profit" numeric NOT NULL,
	"profit_percent" double precision NOT NULL,
	"dust" numeric NOT NULL,
	"exit_reason" text NOT NULL,
	"opened_at_ms" bigint NOT NULL,
	"closed_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"price" numeric NOT NULL,
	"quantity" numeric NOT NULL,
	"quote_amount" numeric NOT NULL,
	"fee" numeric NOT NULL,
	"fee_asset" text NOT NULL,
	"filled_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "open_positions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"shard" integer NOT NULL,
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"quantity" numeric NOT NULL,
	"original_quantity" numeric NOT NULL,
	"entry_price" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"proceeds" numeric NOT NULL,
	"exit_plan" jsonb NOT NULL,
	"exit_state" jsonb NOT NULL,
	"opened_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"position_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"side" text NOT NULL,
	"mode" text NOT NULL,
	"status" text NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric,
	"quote_amount" numeric NOT NULL,
	"fee" numeric NOT NULL,
	"fee_asset" text NOT NULL,
	"created_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "candle_holes" (
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"timeframe" text NOT NULL,
	"from_open_time" bigint NOT NULL,
	"to_open_time" bigint NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp with time zone,
	CONSTRAINT "candle_holes_venue_instrument_timeframe_from_open_time_pk" PRIMARY KEY("venue","instrument","timeframe","from_open_time")
);
--> statement-breakpoint
CREATE TABLE "candles" (
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"timeframe" text NOT NULL,
	"open_time" bigint NOT NULL,
	"open" numeric NOT NULL,
	"high" numeric NOT NULL,
	"low" numeric NOT NULL,
	"close" numeric NOT NULL,
	"volume" numeric NOT NULL,
	"quote_volume" numeric NOT NULL,
	"trades" integer NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "candles_venue_instrument_timeframe_open_time_pk" PRIMARY KEY("venue","instrument","timeframe","open_time")
);
--> statement-breakpoint
CREATE TABLE "feed_health" (
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"trouble" text NOT NULL,
	"since" bigint NOT NULL,
	CONSTRAINT "feed_health_venue_instrument_pk" PRIMARY KEY("venue","instrument")
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"base_asset" text NOT NULL,
	"quote_asset" text NOT NULL,
	"tick_size" numeric NOT NULL,
	"step_size" numeric NOT NULL,
	"min_quantity" numeric NOT NULL,
	"min_notional" numeric NOT NULL,
	"tradeable" boolean NOT NULL,
	CONSTRAINT "instruments_venue_instrument_pk" PRIMARY KEY("venue","instrument")
);
--> statement-breakpoint
CREATE TABLE "stream_demand" (
	"holder" text NOT NULL,
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"timeframe" text NOT NULL,
	"history_candles" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "stream_demand_holder_venue_instrument_timeframe_pk" PRIMARY KEY("holder","venue","instrument","timeframe")
);
--> statement-breakpoint
CREATE TABLE "token_events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"mint" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"at" bigint NOT NULL,
	"event" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"mint" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"symbol" text NOT NULL,
	"uri" text NOT NULL,
	"creator" text NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"status" text NOT NULL,
	"virtual_sol_lamports" numeric NOT NULL,
	"virtual_token_units" numeric NOT NULL,
	"untradeable_reason" text,
	"unconfirmed_reason" text,
	"ai_score" double precision,
	"last_seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service_status" (
	"service" text NOT NULL,
	"instance" text NOT NULL,
	"status" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "service_status_service_instance_pk" PRIMARY KEY("service","instance")
);
--> statement-breakpoint
CREATE TABLE "engine_cursors" (
	"stream" text PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leader_epochs" (
	"role" text PRIMARY KEY NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"holder" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signals" (
	"id" bigint PRIMARY KEY NOT NULL,
	"venue" text NOT NULL,
	"instrument" text NOT NULL,
	"rule_key" text NOT NULL,
	"kind" text NOT NULL,
	"event_time" bigint NOT NULL,
	"event_id" text NOT NULL,
	"price" numeric NOT NULL,
	"provenance" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "strategies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bot_commands" ADD CONSTRAINT "bot_commands_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bot_commands" ADD CONSTRAINT "bot_commands_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bot_events" ADD CONSTRAINT "bot_events_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bots" ADD CONSTRAINT "bots_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "completed_trades" ADD CONSTRAINT "completed_trades_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "completed_trades" ADD CONSTRAINT "completed_trades_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fills" ADD CONSTRAINT "fills_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fills" ADD CONSTRAINT "fills_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "open_positions" ADD CONSTRAINT "open_positions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "open_positions" ADD CONSTRAINT "open_positions_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "strategies" ADD CONSTRAINT "strategies_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_user" ON "audit_log" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_log_created" ON "audit_log" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "refresh_tokens_user" ON "refresh_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_family" ON "refresh_tokens" USING btree ("family");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "bot_commands_user" ON "bot_commands" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "bot_commands_shard" ON "bot_commands" USING btree ("shard");--> statement-breakpoint
CREATE INDEX "bot_events_user" ON "bot_events" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "bot_events_bot" ON "bot_events" USING btree ("bot_id","at");--> statement-breakpoint
CREATE INDEX "bots_user" ON "bots" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "bots_shard" ON "bots" USING btree ("shard","state");--> statement-breakpoint
CREATE INDEX "bots_rule" ON "bots" USING btree ("state","rule_key");--> statement-breakpoint
CREATE INDEX "completed_trades_user" ON "completed_trades" USING btree ("user_id","closed_at_ms");--> statement-breakpoint
CREATE INDEX "completed_trades_bot" ON "completed_trades" USING btree ("bot_id","closed_at_ms");--> statement-breakpoint
CREATE INDEX "fills_user" ON "fills" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "fills_order" ON "fills" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "open_positions_instrument" ON "open_positions" USING btree ("bot_id","instrument");--> statement-breakpoint
CREATE INDEX "open_positions_user" ON "open_positions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "open_positions_shard" ON "open_positions" USING btree ("shard");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_client_id" ON "orders" USING btree ("client_id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_cause" ON "orders" USING btree ("bot_id","position_id","cause");--> statement-breakpoint
CREATE INDEX "orders_user" ON "orders" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "orders_bot" ON "orders" USING btree ("bot_id","created_at_ms");--> statement-breakpoint
CREATE UNIQUE INDEX "candles_seq" ON "candles" USING btree ("venue","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "token_events_dedupe" ON "token_events" USING btree ("dedupe_key");--> statement-breakpoint
CREATE INDEX "token_events_mint" ON "token_events" USING btree ("mint","seq");--> statement-breakpoint
CREATE INDEX "token_events_at" ON "token_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "tokens_created" ON "tokens" USING btree ("created_at_ms");--> statement-breakpoint
CREATE UNIQUE INDEX "signals_content" ON "signals" USING btree ("venue","instrument","rule_key","kind","event_time","event_id");--> statement-breakpoint
CREATE INDEX "signals_rule" ON "signals" USING btree ("rule_key","id");--> statement-breakpoint
CREATE INDEX "strategies_user" ON "strategies" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "strategies_name" ON "strategies" USING btree ("user_id","name");