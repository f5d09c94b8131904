-- Zones have former names, which browsers still offer ("Asia/Calcutta") and some databases do not know:
-- Debian 13 keeps them in a package of its own. A congress keeps the name that was chosen; what computes
-- with it does so with zone_here(), the name that this database knows.
CREATE FUNCTION zone_of_former(p_name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '{
        "Africa/Asmera": "Africa/Asmara", "Africa/Timbuktu": "Africa/Bamako",
        "America/Argentina/ComodRivadavia": "America/Argentina/Catamarca", "America/Atka": "America/Adak",
        "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
        "America/Catamarca": "America/Argentina/Catamarca", "America/Coral_Harbour": "America/Atikokan",
        "America/Cordoba": "America/Argentina/Cordoba", "America/Ensenada": "America/Tijuana",
        "America/Fort_Wayne": "America/Indiana/Indianapolis", "America/Godthab": "America/Nuuk",
        "America/Indianapolis": "America/Indiana/Indianapolis", "America/Jujuy": "America/Argentina/Jujuy",
        "America/Knox_IN": "America/Indiana/Knox", "America/Louisville": "America/Kentucky/Louisville",
        "America/Mendoza": "America/Argentina/Mendoza", "America/Montreal": "America/Toronto",
        "America/Nipigon": "America/Toronto", "America/Pangnirtung": "America/Iqaluit",
        "America/Porto_Acre": "America/Rio_Branco", "America/Rainy_River": "America/Winnipeg",
        "America/Rosario": "America/Argentina/Cordoba", "America/Santa_Isabel": "America/Tijuana",
        "America/Shiprock": "America/Denver", "America/Thunder_Bay": "America/Toronto",
        "America/Virgin": "America/St_Thomas", "America/Yellowknife": "America/Edmonton",
        "Antarctica/South_Pole": "Antarctica/McMurdo", "Asia/Ashkhabad": "Asia/Ashgabat",
        "Asia/Calcutta": "Asia/Kolkata", "Asia/Choibalsan": "Asia/Ulaanbaatar",
        "Asia/Chongqing": "Asia/Shanghai", "Asia/Chungking": "Asia/Shanghai", "Asia/Dacca": "Asia/Dhaka",
        "Asia/Harbin": "Asia/Shanghai", "Asia/Istanbul": "Europe/Istanbul", "Asia/Kashgar": "Asia/Urumqi",
        "Asia/Katmandu": "Asia/Kathmandu", "Asia/Macao": "Asia/Macau", "Asia/Rangoon": "Asia/Yangon",
        "Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Tel_Aviv": "Asia/Jerusalem", "Asia/Thimbu": "Asia/Thimphu",
        "Asia/Ujung_Pandang": "Asia/Makassar", "Asia/Ulan_Bator": "Asia/Ulaanbaatar",
        "Atlantic/Faeroe": "Atlantic/Faroe", "Atlantic/Jan_Mayen": "Europe/Oslo",
        "Australia/ACT": "Australia/Sydney", "Australia/Canberra": "Australia/Sydney",
        "Australia/Currie": "Australia/Hobart", "Australia/LHI": "Australia/Lord_Howe",
        "Australia/NSW": "Australia/Sydney", "Australia/North": "Australia/Darwin",
        "Australia/Queensland": "Australia/Brisbane", "Australia/South": "Australia/Adelaide",
        "Australia/Tasmania": "Australia/Hobart", "Australia/Victoria": "Australia/Melbourne",
        "Australia/West": "Australia/Perth", "Australia/Yancowinna": "Australia/Broken_Hill",
        "Brazil/Acre": "America/Rio_Branco", "Brazil/DeNoronha": "America/Noronha",
        "Brazil/East": "America/Sao_Paulo", "Brazil/West": "America/Manaus",
        "Canada/Atlantic": "America/Halifax", "Canada/Central": "America/Winnipeg",
        "Canada/Eastern": "America/Toronto", "Canada/Mountain": "America/Edmonton",
        "Canada/Newfoundland": "America/St_Johns", "Canada/Pacific": "America/Vancouver",
        "Canada/Saskatchewan": "America/Regina", "Canada/Yukon": "America/Whitehorse",
        "Chile/Continental": "America/Santiago", "Chile/EasterIsland": "Pacific/Easter",
        "Etc/GMT+0": "Etc/GMT", "Etc/GMT-0": "Etc/GMT", "Etc/GMT0": "Etc/GMT", "Etc/Greenwich": "Etc/GMT",
        "Etc/UCT": "Etc/UTC", "Etc/Universal": "Etc/UTC", "Etc/Zulu": "Etc/UTC",
        "Europe/Belfast": "Europe/London", "Europe/Kiev": "Europe/Kyiv", "Europe/Nicosia": "Asia/Nicosia",
        "Europe/Tiraspol": "Europe/Chisinau", "Europe/Uzhgorod": "Europe/Kyiv",
        "Europe/Zaporozhye": "Europe/Kyiv", "Mexico/BajaNorte": "America/Tijuana",
        "Mexico/BajaSur": "America/Mazatlan", "Mexico/General": "America/Mexico_City",
        "Pacific/Enderbury": "Pacific/Kanton", "Pacific/Johnston": "Pacific/Honolulu",
        "Pacific/Ponape": "Pacific/Pohnpei", "Pacific/Samoa": "Pacific/Pago_Pago",
        "Pacific/Truk": "Pacific/Chuuk", "Pacific/Yap": "Pacific/Chuuk", "US/Alaska": "America/Anchorage",
        "US/Aleutian": "America/Adak", "US/Arizona": "America/Phoenix", "US/Central": "America/Chicago",
        "US/East-Indiana": "America/Indiana/Indianapolis", "US/Eastern": "America/New_York",
        "US/Hawaii": "Pacific/Honolulu", "US/Indiana-Starke": "America/Indiana/Knox",
        "US/Michigan": "America/Detroit", "US/Mountain": "America/Denver", "US/Pacific": "America/Los_Angeles",
        "US/Samoa": "Pacific/Pago_Pago"
    }'::jsonb ->> p_name
$$;

CREATE FUNCTION zone_here(p_name text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM now() AT TIME ZONE p_name;
    RETURN p_name;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN coalesce(zone_of_former(p_name), p_name);
END $$;
