//! Bad inputs: the exact message of each is a snapshot, and none is a panic.

#[macro_use]
#[path = "common/program.rs"]
mod program;

use program::Place;

const CHECK: [&str; 2] = ["check", "table-0"];

/// Cuts columns off the end of every line of a file.
fn cut(place: &Place, name: &str, columns: usize) {
    let shorter = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        cells[..cells.len() - columns].join(",") + "\n"
    };
    place.write(name, place.read(name).lines().map(shorter).collect::<String>());
}

bad! {
    table_text_in_a_number_cell: |p| { p.patch("table-0/flows.csv", "B,S,25", "B,S,n/a") } => CHECK;
    table_empty_cell: |p| { p.patch("table-0/flows.csv", "B,S,25", "B,S,") } => CHECK;
    table_thousands_separator: |p| { p.patch("table-0/flows.csv", "B,S,25", "B,S,\"1,025.5\"") } => CHECK;
    table_spreadsheet_error: |p| { p.patch("table-0/value_added.csv", "50,", "#REF!,") } => CHECK;
    table_full_width_digits: |p| { p.patch("table-0/output.csv", "170", "１７０") } => CHECK;
    table_infinite: |p| { p.patch("table-0/final_demand.csv", "B,M,50", "B,M,inf") } => CHECK;
    table_short_line: |p| { p.patch("table-0/flows.csv", "B,S,25,60,20,10", "B,S,25,60,20") } => CHECK;
    table_cell_without_header: |p| { p.patch("table-0/flows.csv", "B,S,25,60,20,10", "B,S,25,60,20,10,7") } => CHECK;
    table_unknown_region: |p| { p.patch("table-0/output.csv", "H,S", "HH,S") } => CHECK;
    table_line_twice: |p| { p.patch("table-0/output.csv", "H,S", "H,M") } => CHECK;
    table_missing_file: |p| { std::fs::remove_file(p.path("table-0/value_added.csv")).unwrap() } => CHECK;
    table_unknown_key: |p| { p.patch("table-0/table.toml", "tolerance", "tolerence") } => CHECK;
    table_wrong_type: |p| { p.patch("table-0/table.toml", "year = 2000", "year = \"2000\"") } => CHECK;
    table_unknown_word: |p| { p.patch("table-0/table.toml", "by_product", "by_products") } => CHECK;
    table_not_toml: |p| { p.patch("table-0/table.toml", "year = 2000", "year = = 2000") } => CHECK;
    table_bad_unit: |p| { p.patch("table-0/table.toml", "unit = \"yuan\"", "unit = \"10^4\"") } => CHECK;
    table_code_twice: |p| { p.patch("table-0/regions.csv", "H,,", "B,,") } => CHECK;
    table_unknown_role: |p| { p.patch("table-0/categories.csv", "consumption", "consumtion") } => CHECK;
    table_not_utf8: |p| { p.write("table-0/sectors.csv", b"code,en,zh\nM,,\xb9\xa4\xd2\xb5\nS,,\n") } => CHECK;
    table_inputs_without_output: |p| { p.patch("table-0/output.csv", "B,M,170", "B,M,0") } => CHECK;
    table_imports_of_another_kind: |p| { p.patch("table-0/table.toml", "by_product", "one_row") } => CHECK;
    table_reserved_name: |p| {
        p.patch("table-0/extensions.csv", "co2", "output").patch("table-0/households.csv", "co2", "output")
    } => CHECK;
    table_emissions_that_do_not_add_up: |p| {
        p.patch("table-0/households.csv", "co2,0,0", "co2,3,4");
        p.write("table-0/extensions_final_demand.csv", "\"\",B,H\ncode,domestic,domestic\nco2,3,5\n");
    } => CHECK;
    table_columns_of_an_extension_cut_off: |p| { cut(&p, "table-0/extensions.csv", 1); } => CHECK;
    table_columns_of_flows_cut_off: |p| { cut(&p, "table-0/flows.csv", 1); } => CHECK;
    table_last_line_of_final_demand_cut_off: |p| {
        let text = p.read("table-0/final_demand.csv");
        let end = text.trim_end().rfind('\n').unwrap();
        p.write("table-0/final_demand.csv", &text[..=end]);
    } => CHECK;
    table_region_of_households_left_out: |p| { p.write("table-0/households.csv", "code,B\nco2,0\n"); } => CHECK;
    table_imports_with_products_and_columns_left_out: |p| {
        p.patch("table-0/imports.csv", "S,5,10,2,2\n", "");
        p.patch("table-0/imports_final_demand.csv", "M,12,6,0,0,0\n", "");
        cut(&p, "table-0/imports_final_demand.csv", 2);
    } => CHECK;
    table_households_of_a_header_only: |p| { p.write("table-0/households.csv", "code,B,H\n"); } => CHECK;
    table_extensions_lost: |p| {
        std::fs::remove_file(p.path("table-0/extensions.csv")).unwrap();
        p.write("table-0/extensions_rows.csv", "code,en,zh,unit\nco2,,,t\n");
    } => CHECK;
    table_with_an_enormous_flow: |p| { p.patch("table-0/flows.csv", "H,S,10,5,35,30", "H,S,10,5,35,1e308") } => ["footprint", "table-0"];
    table_inputs_enormous_without_output: |p| {
        p.patch("table-0/output.csv", "H,S,245", "H,S,0").patch("table-0/flows.csv", "H,S,10,5,35,30", "H,S,10,5,35,1e300")
    } => CHECK;
    table_emissions_of_nothing_known: |p| {
        p.write("table-0/extensions_final_demand.csv", "\"\",B,H\ncode,domestic,inventories\nco3,3,5\nco2,x,1\nco2,1,1\n");
        p.write("table-0/inventories.csv", "code,B,HH\nch4,1,2\n");
    } => CHECK;
    table_account_that_is_no_name: |p| {
        p.write("table-0/extensions_accounts.csv", "code,account,name,level,text\nco2,../air,Air,stressor,CO2\n");
    } => CHECK;
    table_account_twice: |p| {
        p.write("table-0/extensions_accounts.csv", "code,account,name,level,text\nco2,air,Air,stressor,CO2\nco2,soil,Air,place,x\n");
    } => CHECK;
    table_population_of_some: |p| { p.write("table-0/population.csv", "region,population\nB,10\n"); } => CHECK;
    table_lineage_of_another_kind: |p| {
        let text = p.read("table-0/table.toml");
        p.write("table-0/table.toml", text + "\n[lineage]\nsystem = 3\nauthor = \"me\"\n");
    } => CHECK;
    table_gap_without_its_regions: |p| {
        let text = p.read("table-0/table.toml");
        p.write("table-0/table.toml", text + "\n[[gaps]]\nquantity = \"co2\"\nregion = \"B\"\n");
    } => CHECK;
    table_many_faults_at_once: |p| {
        p.patch("table-0/flows.csv", "B,S,25", "B,S,x").patch("table-0/output.csv", "170", "y")
            .patch("table-0/table.toml", "prices = \"current\"", "prices = \"constant\"")
    } => CHECK;
    table_open_rows_when_strict: |p| { p.patch("table-0/output.csv", "B,M,170", "B,M,171") } => ["check", "table-0", "--strict"];
    table_path_misspelt: |_p| {} => ["check", "tabel-0"];
    table_folder_is_no_table: |p| { p.write("somewhere/notes.txt", "x") } => ["check", "somewhere"];
    table_without_year: |p| { p.write("table.csv", "a,b\n1,2\n") } => ["check", "table.csv"];
    sic_without_codes: |p| { p.write("sic_2007.csv", "a,b\n1,2\n") } => ["check", "sic_2007.csv"];
    sic_with_holes: |p| { p.write("sic_2007.csv", SIC) } => ["check", "sic_2007.csv"];
    sic_with_a_strange_code: |p| {
        p.write("sic_2007.csv", SIC.replace(",XX\n", ",XX,Q9\n").replace("A,x,A001,1", "A,x,A001,?"))
    } => ["check", "sic_2007.csv"];
    extension_of_nowhere: |p| { p.write("table-0/co2.csv", CO2).write("table-0/table.toml", with_extension(&p)) } => CHECK;
    extension_without_its_column: |p| {
        p.write("table-0/co2.csv", "region,sector,mt\nB,M,1\n").write("table-0/table.toml", with_extension(&p))
    } => CHECK;
    extension_without_its_year: |p| {
        let text = with_extension(&p) + "where = { region = \"Q\" }\n";
        p.write("table-0/co2.csv", CO2.replace("Mars", "B")).write("table-0/table.toml", text)
    } => CHECK;
    extension_with_an_industry_left_out: |p| {
        p.write("table-0/co2.csv", "region,sector,value\nB,M,1\nB,S,2\nH,M,3\n").write("table-0/table.toml", with_extension(&p))
    } => CHECK;
    extension_with_an_industry_twice: |p| {
        p.write("table-0/co2.csv", LONG.to_owned() + "B,M,5\n").write("table-0/table.toml", with_extension(&p))
    } => CHECK;
    extension_of_households_that_are_nowhere: |p| {
        let text = with_extension(&p) + "households = [\"Urbn\", \"XX\"]\n";
        p.write("table-0/co2.csv", LONG.to_owned() + "B,Urban,5\nH,Urban,5\n").write("table-0/table.toml", text)
    } => CHECK;
    extension_of_households_in_one_region: |p| {
        let text = with_extension(&p) + "households = [\"Urban\"]\n";
        p.write("table-0/co2.csv", LONG.to_owned() + "B,Urban,5\n").write("table-0/table.toml", text)
    } => CHECK;
    extension_of_households_that_no_line_is_led_to: |p| {
        let text = with_extension(&p) + "sector_map = \"s.csv\"\nhouseholds = [\"HH\", \"HX\"]\n";
        p.write("table-0/co2.csv", LONG.to_owned() + "B,Urban,5\nH,Urban,5\n").write("table-0/table.toml", text)
            .write("table-0/s.csv", "from,to\nM,M\nS,S\nUrban,HH\n")
    } => CHECK;
    extension_of_households_under_another_name: |p| {
        let text = with_extension(&p) + "sector_map = \"s.csv\"\nhouseholds = [\"HX\"]\n";
        p.write("table-0/co2.csv", CO2.replace("Mars", "B")).write("table-0/table.toml", text)
            .write("table-0/s.csv", "from,to\nM,M\nS,S\nUrban,HH\n")
    } => CHECK;
    file_looked_for_in_one_folder: |p| { p.write("table-0/table.toml", with_extension(&p)) } => ["check", "table-0", "--data", "table-0/."];
    map_that_forgets_a_region: |p| { p.write("map.csv", "from,to\nB,all\n") } => ["aggregate", "table-0", "--regions", "map.csv", "--out", "o"];
    map_with_bad_weights: |p| {
        p.write("map.csv", "from,to,weight\nB,x,0.5\nB,y,0.4\nH,x,1.5\nK,x,1\n")
    } => ["aggregate", "table-0", "--regions", "map.csv", "--out", "o"];
    map_with_a_misspelt_column: |p| {
        p.write("map.csv", "from,to,wieght\nB,x,0.5\nH,x,0.5\n")
    } => ["aggregate", "table-0", "--regions", "map.csv", "--out", "o"];
    map_of_one_target_under_two_names: |p| {
        p.write("map.csv", "from,to,en\nB,A,North\nH,A,South\n")
    } => ["aggregate", "table-0", "--regions", "map.csv", "--out", "o"];
    table_with_an_open_quotation_mark: |p| { p.patch("table-0/final_demand.csv", "B,M", "\"B,M") } => CHECK;
    flows_with_an_open_quotation_mark: |p| { p.patch("table-0/flows.csv", "B,M", "\"B,M").patch("table-0/flows.csv", "H,S", "H,\"S\"") } => CHECK;
    table_in_utf_16: |p| {
        let text: Vec<u8> = p.read("table-0/table.toml").encode_utf16().flat_map(u16::to_le_bytes).collect();
        p.write("table-0/table.toml", [b"\xff\xfe".to_vec(), text].concat())
    } => CHECK;
    aggregate_into_an_unlike_unit: |_p| {} => ["aggregate", "table-0", "--unit", "Mt", "--out", "o"];
    aggregate_over_other_files: |p| { p.write("o/thesis.txt", "x") } => ["aggregate", "table-0", "--out", "o"];
    extension_with_a_decimal_comma: |p| {
        let text = p.read("table-0/extensions.csv");
        let last = text.lines().last().unwrap();
        p.write("table-0/extensions.csv", text.replace(last, &format!("{last},5")));
    } => ["footprint", "table-0"];
    demand_of_nobody: |p| { p.write("d.csv", "region,sector,value\nB,Q,1\nB,M,much\n") } => ["impact", "table-0", "--demand", "d.csv"];
    demand_without_columns: |p| { p.write("d.csv", "where,what\nB,M\n") } => ["impact", "table-0", "--demand", "d.csv"];
    transfer_between_unlike_sectors: |p| {
        for file in ["sectors", "flows", "final_demand", "value_added", "output", "imports", "imports_final_demand", "extensions"] {
            let file = format!("table-1/{file}.csv");
            let text = p.read(&file).split(',').map(|cell| if cell == "S" { "T" } else { cell }).collect::<Vec<_>>().join(",");
            p.write(&file, text.replace("S,,", "T,,").replace("\nS", "\nT").replace(",S\n", ",T\n"));
        }
    } => ["transfer", "table-0", "table-1"];
    transfer_between_unlike_prices: |p| { p.patch("table-1/table.toml", "prices = \"current\"", "prices = 1999") } => ["transfer", "table-0", "table-1"];
    transfer_between_unlike_money: |p| { p.patch("table-1/table.toml", "unit = \"yuan\"", "unit = \"million USD\"") } => ["transfer", "table-0", "table-1"];
    transfer_with_both_tables_broken: |p| {
        p.patch("table-0/output.csv", "170", "x").patch("table-1/output.csv", "129", "y")
    } => ["transfer", "table-0", "table-1"];
    transfer_with_a_group_of_nowhere: |p| { p.write("g.csv", "region,group\nBB,core\n") } => ["transfer", "table-0", "table-1", "--groups", "g.csv"];
    transfer_with_a_group_of_two_names: |p| { p.write("g.csv", "region,group,en\nB,a,One\nH,a,Other\n") } => ["transfer", "table-0", "table-1", "--groups", "g.csv"];
    transfer_with_a_sector_in_two_classes: |p| { p.write("c.csv", "sector,class\nM,a\nM,b\n") } => ["transfer", "table-0", "table-1", "--classes", "c.csv"];
}

/// A sheet in the SIC layout that lacks rows and columns.
const SIC: &str = "region,,,A,A,,\n,,,x,y,,\nregion,sector,code,A001,A002,EX,XX\nA,x,A001,1,2,3,6\nA,y,A002,1,2,3,6\n\
    ,,IM,1,1,0,\n,,VA001,1,1,,\n,,VA001,3,0,,\n,,XX,6,6,,\n";

const CO2: &str = "region,sector,value\nMars,M,1\nB,S,one\n";

/// A line of every industry.
const LONG: &str = "region,sector,value\nB,M,1\nB,S,2\nH,M,3\nH,S,4\n";

/// What is zero may be left out where that is said, and lines are added up over a column that is named.
#[test]
fn an_extension_may_leave_out_zeros_and_be_added_up() {
    let place = Place::new();
    let text =
        with_extension(&place) + "where = { fuel = [\"coal\", \"oil\"] }\nmissing = \"zero\"\n";
    place.write("table-0/table.toml", text).write(
        "table-0/co2.csv",
        "region,sector,fuel,value\nB,M,coal,1\nB,M,oil,2\nB,M,gas,9\nH,M,coal,3\n",
    );
    let table = irio::input::table::read(&place.path("table-0"), None).unwrap();
    assert_eq!(table.extensions()[1].values, [3.0, 0.0, 3.0, 0.0]);
}

#[test]
fn output_below_zero_is_told() {
    let place = Place::new();
    place.patch("table-0/output.csv", "H,S,245", "H,S,-245");
    let told = place.irio(&CHECK).stdout;
    assert!(told.contains("negative outputs 1,"), "{told}");
    assert!(told.contains("output is negative in H:S"), "{told}");
    let table = irio::input::table::read(&place.path("table-0"), None).unwrap();
    assert!(table.notes().iter().any(|note| note.message.contains("output is negative in H:S")));
}

fn with_extension(place: &Place) -> String {
    place.read("table-0/table.toml")
        + "[[extension]]\ncode = \"nox\"\nunit = \"t\"\nfile = \"co2.csv\"\n"
}

/// A scenario with one move, some of whose lines are replaced.
fn scenario(place: &Place, from: &str, to: &str) {
    let text = "irio_scenario = 1\nname = \"s\"\ntable = \"table-1\"\n\n[[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\nshare = 0.3\n";
    assert!(text.contains(from));
    place.write("s.toml", text.replacen(from, to, 1));
}

const RUN: [&str; 2] = ["run", "s.toml"];

bad! {
    scenario_missing: |_p| {} => ["run", "scenarios/s.toml"];
    scenario_unknown_key: |p| { scenario(&p, "share", "shares") } => RUN;
    scenario_unknown_sector: |p| { scenario(&p, "\"M\"", "\"Manufacturing\"") } => RUN;
    flows_with_region_and_sector_exchanged: |p| { p.patch("table-0/flows.csv", "region,sector,M", "sector,region,M"); } => ["check", "table-0"];
    extensions_with_name_and_unit_exchanged: |p| { p.patch("table-0/extensions.csv", "code,en,zh,unit", "code,en,unit,zh"); } => ["check", "table-0"];
    output_without_a_header: |p| { p.patch("table-0/output.csv", "region,sector,output\n", ""); } => ["check", "table-0"];
    region_called_national: |p| { p.patch("table-0/regions.csv", "B,,", "B,National,"); } => ["check", "table-0"];
    demand_with_another_column: |p| { p.write("d.csv", "region,sector,value,unit\nB,M,1,10^4 yuan\n"); } => ["impact", "table-0", "--demand", "d.csv"];
    demand_that_stands_twice: |p| { p.write("d.csv", "region,sector,value\nB,M,1\nB,m,2\n"); } => ["impact", "table-0", "--demand", "d.csv"];
    zero_byte_in_a_text: |p| { p.patch("table-0/flows.csv", "B,M,30", "B,M,30\0"); } => ["check", "table-0"];
    table_in_no_unit: |p| { p.patch("table-0/table.toml", "unit = \"yuan\"", "unit = \"10^400 yuan\""); } => ["check", "table-0"];
    scenario_names_a_region_twice: |p| { scenario(&p, "from = \"B\"", "from = [\"B\", \"B\"]") } => RUN;
    results_below_a_file: |p| { scenario(&p, "", ""); p.write("notes.txt", "mine"); } => ["run", "s.toml", "--out", "notes.txt/r"];
    scenario_unknown_region: |p| { scenario(&p, "from = \"B\"", "from = \"北京\"") } => RUN;
    scenario_share_in_percent: |p| { scenario(&p, "0.3", "30") } => RUN;
    scenario_negative_share: |p| { scenario(&p, "0.3", "-0.1") } => RUN;
    scenario_share_is_a_text: |p| { scenario(&p, "0.3", "\"a third\"") } => RUN;
    scenario_move_to_itself: |p| { scenario(&p, "to = \"H\"", "to = \"B\"") } => RUN;
    scenario_more_than_all: |p| {
        scenario(&p, "share = 0.3", "share = 0.7\n[[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\nshare = 0.6")
    } => RUN;
    scenario_amount_of_more_than_all: |p| { scenario(&p, "share = 0.3", "amount = 5000") } => RUN;
    scenario_share_and_amount: |p| { scenario(&p, "share = 0.3", "share = 0.3\namount = 4") } => RUN;
    scenario_neither_share_nor_amount: |p| { scenario(&p, "share = 0.3\n", "") } => RUN;
    scenario_unknown_class: |p| { scenario(&p, "sector = \"M\"", "class = \"hevy\"\n"); p.write("s.toml", p.read("s.toml") + "[classes]\nheavy = [\"M\", \"Q\"]\n") } => RUN;
    scenario_years_without_horizon: |p| { scenario(&p, "0.3", "{ 2005 = 0.1, 2010 = 0.3 }") } => RUN;
    scenario_horizon_backwards: |p| { scenario(&p, "\n[[", "\n[horizon]\nstart = 1990\nend = 1980\n[[") } => RUN;
    scenario_share_of_no_year: |p| { scenario(&p, "0.3", "{ soon = 0.1 }") } => RUN;
    scenario_mix_without_share: |p| { scenario(&p, "share = 0.3", "share = 0.3\ntechnology = \"mix\"\nsourcing = \"mixed\"") } => RUN;
    scenario_best_for_nothing: |p| { scenario(&p, "share = 0.3", "share = 0.3\ntechnology = \"best\"\nbest_for = \"nox\"") } => RUN;
    scenario_groups_of_nothing: |p| { scenario(&p, "\n[[", "\n[groups]\nB = [\"H\"]\nAll = [\"B\", \"Hebei\"]\nnone = []\ntwice = [\"B\", \"B\"]\nTwice = \"H\"\nnumber = 3\n[[") } => RUN;
    scenario_one_bracket: |p| { scenario(&p, "[[relocate]]", "[relocate]") } => RUN;
    scenario_not_toml: |p| { scenario(&p, "share = 0.3", "share = 0,3\nname = \"s") } => RUN;
    scenario_growth_without_horizon: |p| { scenario(&p, "\n[[", "\n[[baseline.demand]]\ngrowth = 0.05\n[[") } => RUN;
    scenario_growth_of_no_column: |p| {
        scenario(&p, "\n[[", "\n[horizon]\nend = 2003\n[[baseline.demand]]\ncategory = \"exports\"\nregion = \"B\"\ngrowth = 5\n[[baseline.demand]]\ncategory = \"exports\"\nregion = \"B\"\ngrowth = 0.1\n[[")
    } => RUN;
    scenario_of_another_table: |p| { scenario(&p, "table-1", "table-2") } => RUN;
    scenario_with_a_broken_table: |p| { scenario(&p, "share", "shar"); p.patch("table-1/output.csv", "129", "?"); } => RUN;
    scenario_of_a_newer_version: |p| { scenario(&p, "irio_scenario = 1", "irio_scenario = 2") } => RUN;
    scenario_of_an_empty_file: |p| { p.write("s.toml", "") } => RUN;
    scenario_everything_wrong: |p| {
        p.write("s.toml", "name = 5\ntable = \"table-1\"\ncolour = \"red\"\n[switches]\nerror_column = \"kept\"\n[[relocate]]\nsector = \"Q\"\nfrom = \"B\"\nto = \"B\"\nshare = 2\ntechnology = \"destiny\"\n")
    } => RUN;
    scenario_inventories_without_shares: |p| { scenario(&p, "\n[[", "\n[switches]\ninventories = \"as_final\"\n[["); p.patch("table-1/final_demand.csv", "B,M,40,8,0", "B,M,40,8,-9").patch("table-1/output.csv", "129", "120") } => RUN;
}

/// The scenario of one move with switches of closer realism.
fn realism(place: &Place, switches: &str) {
    scenario(place, "share = 0.3\n", &format!("share = 0.3\n{switches}"));
}

bad! {
    realism_unknown_switch: |p| { realism(&p, "[realism.backfil]\nsector = \"S\"\nshare = 0.5\n") } => RUN;
    realism_fills_its_own_place: |p| { realism(&p, "[realism.backfill]\nsector = \"M\"\nshare = 0.5\n") } => RUN;
    realism_shares_in_percent: |p| {
        realism(&p, "[realism.tax]\nrows = \"vat\"\nshare = 50\nyears = 3.5\n[realism.vintage]\nreplaced_at_move = 2\n")
    } => RUN;
    realism_residence_that_leaves_some_without_a_home: |p| {
        p.write("home.csv", "from,to,value\nB,B,0.5\nB,H,0.25\nB,H,0.25\nK,H,1\n");
        realism(&p, "[realism.households]\ncompensation = \"value_added\"\nspent = { B = 0.5 }\ncategories = \"domestic\"\nresidence = \"home.csv\"\ndirect_by = \"income\"\n")
    } => RUN;
    realism_power_that_moves: |p| {
        realism(&p, "[realism.electricity]\nsector = \"M\"\nmwh_per_money = 2\nfactors = { B = 1, others = 1 }\n[[realism.capacity]]\nregion = \"H\"\n")
    } => RUN;
    realism_power_in_money: |p| {
        realism(&p, "[realism.electricity]\nsector = \"M\"\nmwh_per_money = 2\nfactors = { B = -1 }\nunit = \"yuan\"\n")
    } => RUN;
    realism_distances_of_nothing: |p| {
        p.write("km.csv", "from,to,value\nB,B,0\nB,H,0\nH,H,0\n");
        realism(&p, "[realism.freight]\nfactor = 1e-5\ndistances = \"km.csv\"\ntonnes_per_money = { M = 1e300 }\n")
    } => RUN;
    realism_capital_out_of_all_proportion: |p| { realism(&p, "[realism.construction]\ncapital_per_output = 1e13\nyears = 2\n") } => RUN;
    realism_distances_with_a_hole: |p| {
        p.write("km.csv", "from,to,value\nB,H,300\nH,H,80\n");
        realism(&p, "[realism.freight]\nfactor = 1e-5\ndistances = \"km.csv\"\ntonnes_per_money = { M = 2, Q = 1 }\n")
    } => RUN;
    realism_jobs_without_pay: |p| { realism(&p, "[realism.employment]\njobs = \"value_added:value_added\"\ndrift = 0.05\n") } => RUN;
    realism_building_without_investment_to_copy: |p| { realism(&p, "[realism.construction]\ncapital_per_output = 2\nyears = 2\n") } => RUN;
}

/// Line numbers of a file saved by a spreadsheet (CR LF, byte-order mark) are those it shows.
const SPREADSHEET: &str = "\u{feff}region,sector,value\r\nB,M,10\r\n\r\nB,S,abc\r\n";

bad! {
    demand_saved_by_a_spreadsheet: |p| { p.write("d.csv", SPREADSHEET) } => ["impact", "table-0", "--demand", "d.csv"];
    demand_separated_by_semicolons: |p| { p.write("d.csv", "region;sector;value\nB;M;10\n") } => ["impact", "table-0", "--demand", "d.csv"];
    demand_beyond_all_numbers: |p| { p.write("d.csv", "region,sector,value\nB,M,1.7e308\nB,S,1.7e308\n") } => ["impact", "table-0", "--demand", "d.csv"];
    table_is_a_scenario: |p| { scenario(&p, "0.3", "0.2") } => ["check", "s.toml"];
    table_is_a_readme: |p| { p.write("README.md", "# x\n") } => ["check", "README.md"];
    scenario_is_a_table: |_p| {} => ["run", "table-0/table.toml"];
    scenario_moves_from_nowhere: |p| { scenario(&p, "\"B\"", "[]") } => RUN;
    scenario_without_a_name: |p| { scenario(&p, "\"s\"", "\"\"") } => RUN;
    result_over_its_own_table: |_p| {} => ["footprint", "table-0", "--out", "table-0"];
    aggregate_over_its_own_table: |_p| {} => ["aggregate", "table-0", "--out", "table-0"];
}

/// A location game some of whose lines are replaced.
fn game(place: &Place, from: &str, to: &str) {
    assert!(GAME.contains(from), "{from:?}");
    place.write("g.toml", GAME.replacen(from, to, 1));
}

const GAME: &str = "irio_game = 1\nname = \"g\"\n\n[game]\nA = \"B\"\nB = \"H\"\nn = 4\na = 100\nb = 1\nc0 = 20\nmu = 2\nw = 5\nt_m = 1.5\n\
    tau_A = 4\ntau_B = 0.5\ng_A = 1\ntheta_A = 0.8\ntheta_B = 1.2\n";
const TABLE: &str = "\n[table]\npath = \"table-1\"\nsector = \"M\"\nraw_sector = \"S\"\n";
const LOCATE: [&str; 2] = ["locate", "g.toml"];

/// A scenario whose move waits for the game.
fn waiting(place: &Place, from: &str) {
    scenario(place, "share = 0.3", "share = 0.3\ngame = \"g.toml\"");
    place.patch("s.toml", "from = \"B\"", from);
}

bad! {
    game_missing: |_p| {} => LOCATE;
    game_is_a_scenario: |p| { scenario(&p, "0.3", "0.2") } => ["locate", "s.toml"];
    game_of_an_empty_file: |p| { p.write("g.toml", "") } => LOCATE;
    game_unknown_key: |p| { game(&p, "theta_A", "teta_A") } => LOCATE;
    game_of_one_firm: |p| { game(&p, "n = 4", "n = 1") } => LOCATE;
    game_firms_by_year: |p| { game(&p, "n = 4", "n = { 2010 = 4, 2020 = 6 }") } => LOCATE;
    game_without_slope: |p| { game(&p, "b = 1", "b = 0") } => LOCATE;
    game_transport_below_zero_in_a_year: |p| { game(&p, "t_m = 1.5", "t_m = { 2010 = 1.5, 2020 = -1 }") } => LOCATE;
    game_year_outside: |p| { game(&p, "[game]", "year = 2030\n[game]"); p.patch("g.toml", "t_m = 1.5", "t_m = { 2010 = 1.5, 2020 = 1 }") } => LOCATE;
    game_year_without_years: |p| { game(&p, "[game]", "year = 2030\n[game]") } => LOCATE;
    game_without_transport_of_raw: |p| { game(&p, "t_m = 1.5\n", "") } => LOCATE;
    game_monopoly_with_a_price: |p| { game(&p, "w = 5", "w = 5\nmonopoly = \"later\"") } => LOCATE;
    game_monopoly_without_raw: |p| { game(&p, "mu = 2\nw = 5", "mu = 0\nmonopoly = \"after\"\nc_u = 1") } => LOCATE;
    game_cost_of_no_monopolist: |p| { game(&p, "w = 5", "w = 5\nc_u = 1") } => LOCATE;
    game_map_of_one_parameter: |p| { game(&p, "[game]", "[map]\nx = \"t_m\"\nx_from = -1\nx_to = 4\ny = \"t_m\"\ny_from = 0\ny_to = 4\ny_steps = 1\n[game]") } => LOCATE;
    game_map_of_nothing: |p| { game(&p, "[game]", "[map]\nx = \"tm\"\n[game]") } => LOCATE;
    game_map_of_one_number: |p| { game(&p, "[game]", "[map]\nx = \"t_m\"\nx_from = 4\nx_to = 4\ny = \"n\"\ny_from = 2\ny_to = 1e308\n[game]") } => LOCATE;
    game_map_too_large: |p| { game(&p, "[game]", "[map]\nx = \"t_m\"\nx_from = 0\nx_to = 4\nx_steps = 201\ny = \"n\"\ny_from = 2\ny_to = 1000\ny_steps = 201\n[game]") } => LOCATE;
    game_cap_of_one: |p| { game(&p, "[game]", "[free_entry]\ncap = 1\n[game]") } => LOCATE;
    game_from_a_table_that_is_not_there: |p| { game(&p, "mu = 2\n", ""); p.write("g.toml", p.read("g.toml") + &TABLE.replace("table-1", "table-9")) } => LOCATE;
    game_from_a_table_with_strange_names: |p| {
        game(&p, "A = \"B\"\nB = \"H\"\n", "A = \"Q\"\n");
        p.write("g.toml", p.read("g.toml") + &TABLE.replace("\"S\"", "[\"S\", \"X\"]") + "distance_raw = 10\nmean_haul = -1\nvalue_added = \"wages\"\n")
    } => LOCATE;
    game_everything_wrong: |p| {
        p.write("g.toml", "irio_game = 2\nname = \"\"\nstart = \"C\"\ncolour = 1\n[game]\nA = 1\nn = 2.5\na = -100\nb = \"1\"\nmu = inf\nmonopoly = \"before\"\n")
    } => LOCATE;
    scenario_waits_for_no_game: |p| { waiting(&p, "from = \"B\"") } => RUN;
    scenario_waits_for_a_broken_game: |p| { waiting(&p, "from = \"B\""); game(&p, "n = 4", "n = 0") } => RUN;
    scenario_waits_for_a_game_elsewhere: |p| { waiting(&p, "from = \"B\""); game(&p, "A = \"B\"", "A = \"K\"") } => RUN;
    scenario_waits_for_a_game_without_regions: |p| { waiting(&p, "from = \"B\""); game(&p, "B = \"H\"\n", "") } => RUN;
    scenario_waits_for_a_number: |p| { waiting(&p, "from = \"B\""); p.patch("s.toml", "\"g.toml\"", "3") } => RUN;
}

/// A scenario of ten years with another size of its move, and more at its end.
fn dated(place: &Place, size: &str, more: &str) {
    scenario(place, "share = 0.3", size);
    place.write("s.toml", place.read("s.toml") + "\n[horizon]\nend = 2010\n" + more + "\n");
}

/// A scenario with a density, some of whose lines are replaced.
fn dense(place: &Place, from: &str, to: &str) {
    assert!(DENSE.contains(from), "{from:?}");
    place
        .write("e.toml", "irio_elasticities = 1\nsource = \"a study\"\nvalues = \"e.csv\"\n[[caution]]\nmeasure = \"TA\"\nrule = \"refuse\"\nreason = \"it cannot be\"\n")
        .write("e.csv", "region,measure,variable,value,stars\nnational,OA,lnOA,-0.2,2\nnational,OA,rho,0.2,3\nnational,LA,lnLA,1.1,3\nnational,TA,lnTA,0.1,1\n")
        .write("w.csv", "from,to,weight\nB,H,1\nH,B,1\n");
    scenario(place, "irio_scenario", "irio_scenario");
    place.write("s.toml", place.read("s.toml") + &DENSE.replacen(from, to, 1));
}

const DENSE: &str = "\n[density]\nmeasure = \"OA\"\nelasticities = \"e.toml\"\nsectors = [\"M\"]\nspillover = \"full\"\nweights = \"w.csv\"\n\
    \n[uncertainty]\ndraws = 10\nemission_factors = 0.1\n";

bad! {
    density_without_elasticities: |p| { dense(&p, "elasticities = \"e.toml\"\n", "") } => RUN;
    density_unknown_measure: |p| { dense(&p, "\"OA\"", "\"output\"") } => RUN;
    density_lacks_an_extension: |p| { dense(&p, "\"OA\"", "\"LA\"") } => RUN;
    density_refused_by_its_source: |p| { dense(&p, "\"OA\"", "\"TA\"\nresearch = \"co2\"") } => RUN;
    density_unknown_group: |p| { dense(&p, "measure", "group = \"east\"\nmeasure") } => RUN;
    density_region_in_two_groups: |p| { dense(&p, "\n[uncertainty]", "\n[density.groups]\nnational = [\"B\"]\neast = [\"B\", \"Q\"]\n\n[uncertainty]") } => RUN;
    density_no_sectors: |p| { dense(&p, "sectors = [\"M\"]\n", "") } => RUN;
    density_weights_without_spillover: |p| { dense(&p, "\"full\"", "\"none\"") } => RUN;
    density_spillover_without_weights: |p| { dense(&p, "weights = \"w.csv\"\n", "") } => RUN;
    density_weights_of_a_header_only: |p| { dense(&p, "sectors", "sectors"); p.write("w.csv", "from,to,weight\n") } => RUN;
    density_elasticities_out_of_all_proportion: |p| { dense(&p, "sectors", "sectors"); p.patch("e.csv", "-0.2", "-1e308") } => RUN;
    density_elasticities_without_a_lag_between: |p| {
        dense(&p, "sectors", "sectors");
        p.patch("e.csv", "national,OA,rho", "national,OA,lnOA_lag2,0.1,2\nnational,OA,rho")
    } => RUN;
    density_unknown_reading: |p| { dense(&p, "measure", "reading = \"conditionally\"\nmeasure") } => RUN;
    density_numbers_out_of_range: |p| { dense(&p, "measure", "lags = 5\ncap = -1\nmeasure") } => RUN;
    density_weights_of_strangers: |p| { dense(&p, "sectors", "sectors"); p.write("w.csv", "from,to,weight\nB,B,1\nB,Q,x\nH,B,-1\n") } => RUN;
    density_elasticities_not_right: |p| {
        dense(&p, "sectors", "sectors");
        p.write("e.csv", "region,measure,variable,value,stars\nnational,OB,lnOA,-0.2,2\nnational,OA,lnOA,x,2\nnational,OA,rho,0.2,7\n,OA,lnOA,1,0\n")
    } => RUN;
    density_spatial_coefficient_at_the_boundary: |p| { dense(&p, "sectors", "sectors"); p.patch("e.csv", "rho,0.2", "rho,-0.9999") } => RUN;
    uncertainty_of_nothing: |p| { dense(&p, "emission_factors = 0.1\n", "elasticities = false\n") } => RUN;
    uncertainty_out_of_range: |p| { dense(&p, "draws = 10\nemission_factors = 0.1", "draws = 0\nseed = -1\nemission_factors = 30\ntrade_shares = 0\ntechnology = [0.5]\ngrowth = 0.01\nelasticties = true") } => RUN;
    uncertainty_too_diffuse: |p| { dense(&p, "emission_factors = 0.1", "trade_shares = 1e-320") } => RUN;
    uncertainty_of_growth_that_is_out_of_range: |p| {
        dense(&p, "emission_factors = 0.1", "growth = 0.01\n[horizon]\nend = 2010\n[[baseline.demand]]\ngrowth = 5")
    } => RUN;
    uncertainty_of_growth_without_a_table: |p| {
        dense(&p, "emission_factors = 0.1", "growth = 0.01\n[horizon]\nend = 2010\n[[baseline.demand]]\ngrowth = 0.05");
        p.patch("s.toml", "table-1", "table-9")
    } => RUN;
    index_before_the_year_of_the_table: |p| { dated(&p, "share = 0.3", "[[baseline.demand]]\nindex = { 1990 = 0.8, 2010 = 1.2 }\n[[baseline.demand]]\nindex = { 2001 = 0.8, 2010 = 1.2 }") } => RUN;
    index_after_the_run: |p| { dated(&p, "share = 0.3", "[[baseline.demand]]\nindex = { 2050 = 1.2 }") } => RUN;
    move_after_the_run: |p| { dated(&p, "share = { 2050 = 0.3 }", "") } => RUN;
    move_before_the_table: |p| { dated(&p, "amount = { 1990 = 3, 1999 = 5 }", "") } => RUN;
    target_out_of_range: |p| {
        scenario(&p, "\n[[", "\n[[target]]\nname = \"t\"\nsource = \"x\"\nyear = 2001\nlevel = -1\n[[target]]\nname = \"u\"\nsource = \"x\"\nyear = 2001\ncut = 0.1\nof = -5\nsinks = -3\n[[")
    } => RUN;
    target_of_no_number: |p| {
        scenario(&p, "\n[[", "\n[[target]]\nname = \"t\"\nsource = \"x\"\nyear = 2001\ncut = nan\n[[")
    } => RUN;
    uncertainty_of_trade_shares_from_a_bad_file: |p| {
        p.write("c.csv", "sector,concentration\nM,-3\nQ,10\nM,5\nM,6\n");
        dense(&p, "emission_factors = 0.1", "trade_shares = \"c.csv\"")
    } => RUN;
    uncertainty_of_trade_shares_from_no_file: |p| { dense(&p, "emission_factors = 0.1", "trade_shares = \"d.csv\"") } => RUN;
    uncertainty_of_what_is_not_there: |p| { scenario(&p, "\n[[", "\n[uncertainty]\nelasticities = true\n[[") } => RUN;
    draws_without_uncertainty: |p| { scenario(&p, "0.3", "0.2") } => ["run", "s.toml", "--draws", "100"];
    target_not_right: |p| {
        scenario(&p, "\n[[", "\n[[target]]\nname = \"t\"\nyear = 2050\ncut = 20\nlevel = 3\n[[target]]\nname = \"u\"\nsource = \"x\"\nyear = 2050\nlevel = 5\nregion = \"Q\"\nof = 3\n[[")
    } => RUN;
}

const DEFLATE: [&str; 8] =
    ["deflate", "table-1", "--prices", "p.csv", "--base-year", "2000", "--out", "o"];

/// Prices for every product and for imports.
const PRICES: &str =
    "region,sector,price\nB,M,1.08\nB,S,1.15\nH,M,1.05\nH,S,1.12\nimports,M,1.03\nimports,S,1.10\n";

bad! {
    prices_that_are_none: |p| { p.write("p.csv", PRICES.replace("1.15", "-1.15").replace("1.05", "0").replace("1.03", "n/a")) } => DEFLATE;
    prices_of_nobody: |p| { p.write("p.csv", PRICES.replace("H,S", "HH,S").replace("imports,S", "import,S").replace("B,S", "B,X")) } => DEFLATE;
    prices_with_holes: |p| { p.write("p.csv", "region,sector,price\nB,M,1.08\nimports,S,1.1\n") } => DEFLATE;
    prices_told_twice: |p| { p.write("p.csv", PRICES.to_owned() + "B,M,1.2\n,M,1\nnational,M,1\nimports,M,2\n") } => DEFLATE;
    prices_as_indices: |p| { p.write("p.csv", PRICES.replace("1.", "10")) } => DEFLATE;
    prices_with_a_misspelt_column: |p| { p.write("p.csv", PRICES.replace("region", "regoin")) } => DEFLATE;
    prices_without_prices: |p| { p.write("p.csv", "region,sector\nB,M\n") } => DEFLATE;
    prices_of_a_header_only: |p| { p.write("p.csv", "region,sector,price\n") } => DEFLATE;
    prices_without_one_for_a_row_of_imports: |p| { one_import_row(&p); p.write("p.csv", PRICES) } => DEFLATE;
    prices_for_a_table_in_constant_prices: |p| {
        p.write("p.csv", PRICES).patch("table-1/table.toml", "prices = \"current\"", "prices = 2000")
    } => DEFLATE;
    prices_so_small_that_volumes_overflow: |p| { p.write("p.csv", PRICES.replace("1.15", "1e-320")) } => DEFLATE;
    prices_in_the_own_year_of_the_table: |p| { p.write("p.csv", PRICES.replace("1.15", "1")) } => ["deflate", "table-1", "--prices", "p.csv", "--base-year", "2001", "--out", "o"];
    prices_with_one_index_among_them: |p| { p.write("p.csv", PRICES.replace("1.15", "115")) } => DEFLATE;
    prices_beyond_belief: |p| { p.write("p.csv", PRICES.replace("1.15", "1e7").replace("1.08", "1e-300")) } => DEFLATE;
    deflate_over_its_own_table: |p| { p.write("p.csv", PRICES) } => ["deflate", "table-1", "--prices", "p.csv", "--base-year", "2000", "--out", "table-1"];
    deflate_over_another_table: |p| { p.write("p.csv", PRICES) } => ["deflate", "table-1", "--prices", "p.csv", "--base-year", "2000", "--out", "table-0"];
    transfer_with_bad_prices_and_groups: |p| {
        p.write("p.csv", PRICES.replace("H,M", "H,Q")).write("g.csv", "region,group\nBB,core\n")
    } => ["transfer", "table-0", "table-1", "--prices", "p.csv", "--groups", "g.csv"];
}

/// Makes the imports of `table-1` one row.
fn one_import_row(place: &Place) {
    place.patch("table-1/table.toml", "by_product", "one_row");
    for file in ["table-1/imports.csv", "table-1/imports_final_demand.csv"] {
        let text: Vec<String> = place.read(file).lines().take(3).map(str::to_owned).collect();
        place.write(file, text.join("\n") + "\n");
    }
}
